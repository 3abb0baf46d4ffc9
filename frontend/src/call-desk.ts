// The adviser's side of calls: ready, ringing, talking, notes. What is shown follows the server.
import { CallbackPanel } from "./desk-callback";
import { Channels } from "./desk-channels";
import { startKeys } from "./desk-keys";
import { pageData } from "./page";
import { Chat, type ChatTexts } from "./rtc/chat";
import { Link, soundOf, type Sound, type Way } from "./rtc/link";
import { microphone, NoMicrophone } from "./rtc/microphone";
import { Signal, type Word } from "./rtc/signal";
import { allowSound, chime } from "./sound";

interface Texts extends ChatTexts {
  [name: string]: string;
}

interface Held {
  id: number;
  state: string;
  channel: string;
  service: string;
  language: string;
  urgent: boolean;
  callback: number | null;
  notes?: string;
}

interface Island {
  socket: string;
  texts: Texts;
  services: Record<string, string>;
  languages: Record<string, string>;
}

const RING = 3_000;
const TYPING = 800;
const NO_SOUND = 15_000;

const root = document.querySelector<HTMLElement>("[data-calls]");
const island = root === null ? null : pageData<Island>("calls-island");
const texts = island?.texts as Texts;
const page = crypto.randomUUID?.() ?? `desk-${Math.random().toString(36).slice(2)}-${Date.now()}`;

let signal: Signal | null = null;
let stream: MediaStream | null = null;
let link: Link | null = null;
let linked = 0; // the contact of the link
let way: Way = { ice: [], relay: false };
let chat: Chat | null = null;
let chatOf = 0;
let held: Held | null = null;
let notesOf = 0;
let unsaved = false;
let typing = 0;
let ringing = 0;
let noSound = 0;
let channels: Channels | null = null;
let callback: CallbackPanel | null = null;
let lean = false;
let accepted = 0; // the contact that was taken by a press in this window

function part<T extends HTMLElement = HTMLElement>(name: string): T {
  return document.querySelector<T>(`[data-${name}]`) as T;
}

function say(word: Word): boolean {
  return signal?.say(word) ?? false;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Show only what belongs to this state; the focus goes with it where what had it is gone. */
function show(state: string): void {
  const had = document.activeElement;
  for (const each of (root as HTMLElement).querySelectorAll<HTMLElement>("[data-when]")) {
    each.hidden = !(each.dataset.when ?? "").split(" ").includes(state);
  }
  if (had instanceof HTMLElement && root?.contains(had) === true && had.offsetParent === null) {
    part("work-state").focus();
  }
}

function picture(word: Word): void {
  held = word.contact as Held | null;
  const own = held === null || ["web_call", "video", "callback"].includes(held.channel);
  const state = own ? stateOf(String(word.state)) : "otherwise";
  write(part("work-state"), texts[state] ?? "");
  write(part("waiting-count"), (texts.waiting ?? "").replace("{n}", String(word.waiting ?? 0)));
  write(part("who"), held === null ? "" : describe(held));
  ring(state === "offered" || state === "offered_callback");
  channels?.follow(word.channels as string[] | null);
  show(state);
  callback?.follow(state === "in_callback");
  followVideo(state);
  if (state === "in_contact" && held !== null) {
    if (linked !== held.id) {
      void call(held.id);
    }
  } else {
    unlink();
  }
  if (held !== null && ["in_contact", "in_callback", "wrap_up"].includes(state)) {
    notesFor(held.id, state === "wrap_up", held.notes ?? "");
  } else {
    flushNotes();
  }
}

/** A meeting by video has its own page, with the notes: this one only leads there. A callback has
 *  the telephone, and ends by how it went. */
function stateOf(state: string): string {
  if (held?.channel === "callback" && state === "offered") {
    return "offered_callback";
  }
  if (held?.channel === "callback" && state === "in_contact") {
    return "in_callback";
  }
  return state === "in_contact" && held?.channel === "video" ? "in_video" : state;
}

/** The room opens by itself after the press that took the contact, where the browser allows it. */
function followVideo(state: string): void {
  if (state !== "in_video" || held === null) {
    return;
  }
  const form = part<HTMLFormElement>("video");
  form.action = (form.dataset.video ?? "").replace("/0/", `/${held.id}/`);
  if (accepted === held.id) {
    accepted = 0;
    form.submit();
  }
}

function describe(contact: Held): string {
  const channel = { video: texts.video, callback: texts.callback }[contact.channel] ?? "";
  const names = [channel, island?.services[contact.service], island?.languages[contact.language]];
  return [...names, contact.urgent ? texts.urgent : ""].filter(Boolean).join(", ");
}

function ring(on: boolean): void {
  clearInterval(ringing);
  if (on) {
    chime();
    ringing = window.setInterval(chime, RING);
  }
}

async function hear(word: Word): Promise<void> {
  switch (word.type) {
    case "welcome":
      way = { ice: word.ice as RTCIceServer[], relay: word.relay === true };
      flushNotes();
      link?.repeat();
      break;
    case "state":
      picture(word);
      break;
    case "lines":
      chat?.start(word.lines as never[], chatOf !== word.contact);
      chatOf = Number(word.contact);
      break;
    case "line":
      chat?.add(word as never);
      break;
    case "here":
      await here(String(word.page), word.lost === true);
      break;
    case "answer":
      await link?.answered(String(word.peer), String(word.sdp), String(word.page ?? ""));
      await link?.lean(lean);
      break;
    case "candidate":
      if (link?.has(String(word.peer))) {
        await link.candidate({
          candidate: String(word.candidate),
          sdpMid: word.mid as string | null,
          sdpMLineIndex: word.line as number | null,
        });
      }
      break;
    case "muted":
      write(part("other"), word.on === true ? (texts.otherMuted ?? "") : "");
      break;
    case "lean":
      lean = word.on === true;
      await link?.lean(lean);
      break;
    case "noted":
      write(part("notes-status"), unsaved ? "" : (texts.saved ?? ""));
      break;
    case "refused":
      write(part("said"), word.code === "too_late" ? (texts.tooLate ?? "") : "");
      break;
    case "elsewhere":
      write(part("said"), texts.elsewhere ?? "");
      break;
  }
}

/** The customer's page is there: a window that we do not know yet needs a connection of its own. */
async function here(who: string, lost: boolean): Promise<void> {
  if (held === null || held.state !== "talking") {
    return;
  }
  if (link === null || (link.page !== "" && link.page !== who)) {
    await call(held.id);
  } else if (lost) {
    await link.mend(true);
  } else {
    link.repeat();
  }
}

async function call(contact: number): Promise<void> {
  unlink();
  linked = contact;
  write(part("status"), texts.connecting ?? "");
  write(part("other"), "");
  const base = crypto.getRandomValues(new Uint32Array(2)).join("-").padStart(8, "0");
  const made = new Link(way, base, { send: say, sound, stream: play });
  link = made;
  clearTimeout(noSound);
  noSound = window.setTimeout(() => {
    if (link === made && made.sound !== "on") {
      write(part("status"), texts.noSound ?? "");
    }
  }, NO_SOUND);
  await made.call(soundOf(stream));
}

function sound(now: Sound): void {
  const text = { on: texts.talking, lost: texts.lost, connecting: texts.connecting }[now];
  write(part("status"), text ?? "");
  if (now === "on") {
    clearTimeout(noSound);
  }
  if (now === "lost") {
    signal?.doubt();
    void link?.mend();
  }
}

function play(heard: MediaStream): void {
  const audio = part<HTMLAudioElement>("remote");
  audio.srcObject = heard;
  const button = part<HTMLButtonElement>("play");
  audio.play().then(
    () => (button.hidden = true),
    () => (button.hidden = false),
  );
}

function unlink(): void {
  link?.close();
  link = null;
  linked = 0;
}

// --- notes: kept as they are typed, sent again when the connection is back

function notesFor(contact: number, writing: boolean, written: string): void {
  const field = part<HTMLTextAreaElement>("notes");
  if (notesOf !== contact) {
    flushNotes();
    notesOf = contact;
    field.value = written;
    unsaved = false;
    write(part("notes-status"), "");
  }
  if (writing && document.activeElement === part("work-state")) {
    field.focus();
  }
}

function flushNotes(): boolean {
  clearTimeout(typing);
  if (!unsaved || notesOf === 0) {
    return true;
  }
  const text = part<HTMLTextAreaElement>("notes").value;
  const sent = say({ type: "notes", contact: notesOf, text });
  unsaved = !sent;
  write(part("notes-status"), sent ? "" : (texts.unsaved ?? ""));
  return sent;
}

// --- presses

async function ready(): Promise<void> {
  allowSound();
  write(part("said"), "");
  try {
    stream ??= await microphone();
    sessionStorage.setItem("palveluverkko-desk", "microphone");
    write(part("microphone-state"), "");
  } catch (error) {
    const why = error instanceof NoMicrophone ? error.why : "no_microphone";
    write(part("microphone-state"), texts[why] ?? "");
  }
  flushNotes();
  say({ type: "ready", channels: channels?.chosen });
}

function mute(button: HTMLElement): void {
  const track = stream?.getAudioTracks()[0];
  if (track !== undefined) {
    track.enabled = !track.enabled;
    button.setAttribute("aria-pressed", String(!track.enabled));
    say({ type: "muted", on: !track.enabled });
  }
}

function pressed(what: string, button: HTMLElement): void {
  if (what === "ready") {
    if (channels?.some() === true) {
      void ready();
    }
  } else if (what === "accept" && held?.channel === "callback") {
    void callback?.take(Number(held.callback));
  } else if (what === "mute") {
    mute(button);
  } else if (["accept", "decline", "finish"].includes(what) && held !== null) {
    accepted = what === "accept" ? held.id : 0;
    say({ type: what, contact: held.id });
  } else if (what === "break" || what === "stop") {
    flushNotes();
    say({ type: what });
  }
}

function changed(open: boolean): void {
  write(part("signalling"), open ? "" : (texts.signalling ?? ""));
}

if (root !== null) {
  chat = new Chat(part("chat"), false, texts, say);
  root.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-press]");
    const what = button?.dataset.press ?? "";
    // A key means what can be pressed now, whichever button of that meaning it found.
    if (button !== null && document.querySelector(`[data-when]:not([hidden]) [data-press="${what}"]`)) {
      pressed(what, button);
    }
  });
  channels = new Channels(root, texts.oneChannel ?? "", (chosen) => say({ type: "channels", channels: chosen }));
  callback = new CallbackPanel(part("callback"), texts.offline ?? "", (text) => write(part("said"), text));
  part("play").addEventListener("click", () => play(part<HTMLAudioElement>("remote").srcObject as MediaStream));
  part("notes").addEventListener("input", () => {
    unsaved = true;
    clearTimeout(typing);
    typing = window.setTimeout(flushNotes, TYPING);
  });
  addEventListener("beforeunload", (event) => {
    if (linked !== 0 || unsaved) {
      event.preventDefault();
    }
  });
  startKeys(root);
  // A page that was loaded again in the middle of a call needs its microphone at once.
  const allowed = sessionStorage.getItem("palveluverkko-desk") === "microphone";
  const first = allowed ? microphone().catch(() => null) : Promise.resolve(null);
  void first.then((kept) => {
    stream = kept;
    signal = new Signal(
      (island as Island).socket,
      { type: "hello", page },
      {
        heard: (word) => void hear(word),
        changed,
        closed: () => {
          unlink();
          show("closed");
          write(part("work-state"), texts.closed ?? "");
        },
      },
    );
  });
}
