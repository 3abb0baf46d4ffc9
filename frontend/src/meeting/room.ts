// The room of a meeting: waiting, inside, left, over. What is shown follows the server.
import { element, pageData } from "../page";
import { Chat } from "../rtc/chat";
import type { Sound } from "../rtc/link";
import { Signal, type Word } from "../rtc/signal";
import { allowSound } from "../sound";
import { CaptionLines, Captions } from "./captions";
import { Devices, type Texts } from "./devices";
import { Door } from "./door";
import { Media } from "./media";
import { Peers, type Person } from "./peers";
import { Stage } from "./stage";

interface Island {
  socket: string;
  room: string;
  role: string;
  ways: string;
  language: string;
  roles: Texts;
  texts: Texts;
}

type Step = "" | "waiting" | "inside" | "left";

interface Host extends Person {
  state: string;
  asked: boolean;
}

const HINT = 10_000;
const WATCH = 8_000;

const root = document.querySelector<HTMLElement>("[data-meeting]") as HTMLElement;
const island = pageData<Island>("meeting-island");
const texts = island.texts;
const page = crypto.randomUUID?.() ?? `room-${Math.random().toString(36).slice(2)}-${Date.now()}`;

let step: Step = "";
let signal: Signal | null = null;
let ownSeat = 0;
let people: Person[] = [];
let host: Host | null = null;
let over = false;
let met = false; // the customer has been inside
let cameraBefore = true;
let hint = 0;
let watching = 0;

const media = new Media({
  track: (kind, track) => void peers.replace(kind, track),
  changed: () => mediaChanged(),
});
const peers = new Peers(media, {
  send: say,
  state: peerState,
  stream: (number, stream) => stage.stream(number, stream),
  silent: (number) => problem(fill("noMedia", number)),
  gone: () => undefined,
});
const stage = new Stage(part("stage"), texts, island.roles, () => show("play", true));
const devices = new Devices(part("devices"), media, texts, island.ways, island.socket, (id) =>
  stage.setSpeaker(id),
);
const lines = new CaptionLines(part("captions"));
const captions = new Captions(island.language, (text, final) => {
  say({ type: "caption", text, final });
  lines.add(texts.you ?? "", text, final);
});
const chat = new Chat(part("chat"), ({ seat, role, label, number }) => {
  const who = String(label || (island.roles[String(role)] ?? ""));
  return { own: seat === ownSeat, name: `${String(seat)} ${String(number)}`, who };
}, { you: texts.you ?? "", other: "", notSent: texts.notSent ?? "" }, say);
const door =
  island.role === "adviser" ? new Door(root, texts, (person) => stage.name(person), say) : null;

function part<T extends HTMLElement = HTMLElement>(name: string): T {
  return root.querySelector<T>(`[data-${name}]`) as T;
}

function press(what: string): HTMLButtonElement {
  return root.querySelector(`[data-press="${what}"]`) as HTMLButtonElement;
}

/** A button and its place in the list. */
function show(what: string, on: boolean): void {
  (press(what).parentElement as HTMLElement).hidden = !on;
}

function say(word: Word): boolean {
  return signal?.say(word) ?? false;
}

/** The adviser's box whether a booked customer was served. */
function served(): HTMLInputElement | null {
  return root.querySelector("[data-served]");
}

function write(where: HTMLElement, text: string): void {
  if (where.textContent !== text) {
    where.textContent = text; // a live region speaks only when it changes
  }
}

function fill(text: string, number: number): string {
  return (texts[text] ?? "").replace("{name}", stage.nameOf(number));
}

function go(next: Step): void {
  const panel = part("panel");
  panel.hidden = next === "waiting" ? false : next !== "inside" || press("settings").ariaExpanded !== "true";
  if (next === step) {
    return;
  }
  step = next;
  for (const section of root.querySelectorAll<HTMLElement>("[data-step]")) {
    section.hidden = section.dataset.step !== next;
  }
  root.classList.toggle("meeting--inside", next === "inside");
  root.querySelector<HTMLElement>(`[data-step="${next}"] h2`)?.focus();
}

function problem(text: string | null): void {
  part("problems").hidden = text === null;
  part("problem-texts").replaceChildren(...(text === null ? [] : [element("p", text)]));
}

// --- what the server and the others say

async function hear(word: Word): Promise<void> {
  switch (word.type) {
    case "welcome":
      peers.way = { ice: word.ice as RTCIceServer[], relay: word.relay === true };
      ownSeat = Number(word.seat);
      door?.flush();
      chat.flush();
      if (step === "inside") {
        peers.again();
        tellMe();
      }
      break;
    case "state":
      state(word);
      break;
    case "lines":
      chat.start(word.lines as never[], false);
      break;
    case "line":
      newLine(word);
      break;
    case "caption":
      lines.add(stage.nameOf(Number(word.from)), String(word.text), word.final === true);
      break;
    case "me":
      facts(word);
      await peers.hear(word);
      break;
    case "noted":
      door?.noted();
      break;
    case "elsewhere":
      finish("elsewhere", false);
      break;
    case "here":
    case "offer":
    case "answer":
    case "candidate":
      await peers.hear(word);
      break;
  }
}

function state(word: Word): void {
  if (word.state === "inside") {
    inside(word);
  } else if (word.state === "waiting") {
    outside();
    write(part("wait"), (island.role === "host" ? texts.waitingHost : texts.waiting) ?? "");
    go("waiting");
  } else if (word.state === "early") {
    outside();
    const at = new Date(String(word.opens));
    const time = at.toLocaleTimeString(document.documentElement.lang, { timeStyle: "short" });
    write(part("wait"), (texts.opens ?? "").replace("{time}", time));
    go("waiting");
  } else {
    finish(String(word.state), word.state === "left");
  }
}

function inside(word: Word): void {
  const fresh = step !== "inside";
  people = word.people as Person[];
  met ||= people.some((person) => person.role === "customer");
  host = word.host as Host | null;
  go("inside");
  stage.people(people);
  mediaChanged();
  peers.update(Number(word.me), people);
  if (people.length === 0) {
    write(part("status"), texts.alone ?? "");
  } else if (part("status").textContent === texts.alone) {
    write(part("status"), "");
  }
  if (fresh) {
    chat.flush();
  }
  tellMe();
  door?.show({
    waiting: (word.waiting ?? []) as Person[],
    expected: (word.expected ?? []) as Person[],
    people,
  });
  hostButton();
}

function facts(word: Word): void {
  const number = Number(word.from);
  const shows = String(word.shows ?? "");
  if (shows !== "") {
    write(part("said"), fill("shows", number));
  }
  stage.tell(number, {
    microphone: word.microphone === true,
    camera: word.camera === true,
    shows,
  });
}

/** The text may be below the screen: for the eyes it is said above too; the log is read aloud. */
function newLine(word: Word): void {
  chat.add(word as never);
  if (word.seat === ownSeat) {
    return;
  }
  const who = String(word.label || (island.roles[String(word.role)] ?? ""));
  const text = (texts.newLine ?? "").replace("{name}", who).replace("{text}", () => String(word.text));
  write(part("hint"), text);
  clearTimeout(hint);
  hint = window.setTimeout(() => write(part("hint"), ""), HINT);
}

function peerState(number: number, now: Sound): void {
  if (now === "on") {
    problem(null);
    write(part("status"), fill("connected", number));
  } else if (now === "lost") {
    write(part("status"), fill("lost", number));
    signal?.doubt(); // if our own network has changed, the signalling is to come back soon as well
  } else {
    write(part("status"), fill("connecting", number));
  }
}

function changed(open: boolean): void {
  write(part("lost"), open ? "" : (texts.signalling ?? ""));
}

/** Not inside: nobody is seen or heard, and nobody sees or hears. */
function outside(): void {
  peers.close();
  stage.clear();
  people = [];
  void captions.stop();
}

function finish(why: string, mayReturn: boolean): void {
  if (over) {
    return;
  }
  over = !mayReturn;
  door?.flush();
  signal?.stop();
  signal = null;
  outside();
  media.stop();
  problem(null);
  write(part("status"), "");
  write(part("lost"), "");
  write(part("over"), texts[why] ?? texts.over ?? "");
  press("back").hidden = !mayReturn;
  go("left");
  if (mayReturn) {
    watch();
  }
}

/** Who has left hears nothing of the meeting any more; the way back is offered only while it goes on. */
function watch(): void {
  clearTimeout(watching);
  watching = window.setTimeout(async () => {
    const answer = await fetch(location.pathname, { method: "HEAD" }).catch(() => null);
    if (step !== "left" || over || signal !== null) {
      return; // come back in the meantime
    }
    if (answer?.status !== 404) {
      watch();
      return;
    }
    const focused = document.activeElement === press("back");
    finish("over", false);
    if (focused) {
      part("over").focus();
    }
  }, WATCH);
}

// --- this page's own camera and sound

function mediaChanged(): void {
  const camera = media.picture !== null && media.showing === "";
  stage.own(media.picture, { microphone: sounds(), camera, shows: media.showing });
  press("mute").textContent = (media.microphoneOn ? texts.mute : texts.unmute) ?? "";
  press("mute").disabled = media.microphone === null;
  press("camera").textContent = (media.cameraOn && media.picture !== null ? texts.cameraOff : texts.cameraOn) ?? "";
  press("camera").disabled = media.showing !== "";
  press("screen").textContent = (media.showing === "screen" ? texts.stopScreen : texts.screen) ?? "";
  press("document").textContent =
    (media.showing === "document" ? texts.stopDocument : texts.document) ?? "";
  if (step === "inside") {
    const shown = { screen: texts.youShow, document: texts.youShowDocument, "": "" }[media.showing];
    if (shown) {
      write(part("said"), shown);
    } else if ([texts.youShow, texts.youShowDocument].includes(part("said").textContent ?? "")) {
      write(part("said"), "");
    }
    tellMe();
  }
  if (!part("panel").hidden) {
    void devices.show();
  }
}

function sounds(): boolean {
  return media.microphone !== null && media.microphoneOn;
}

function tellMe(): void {
  say({
    type: "me",
    microphone: sounds(),
    camera: media.picture !== null && !(peers.lean && media.showing === ""),
    shows: media.showing,
    lean: peers.lean,
  });
}

async function setLean(): Promise<void> {
  await peers.setLean(!peers.lean);
  press("lean").setAttribute("aria-pressed", String(peers.lean));
  press("lean").textContent = (peers.lean ? texts.withPicture : texts.soundOnly) ?? "";
  if (peers.lean) {
    cameraBefore = media.cameraOn;
    await media.setCamera(false);
  } else if (cameraBefore) {
    await media.setCamera(true); // not where it was off before
  }
  tellMe();
}

async function toggleCaptions(): Promise<void> {
  if (captions.on) {
    captions.stop();
  } else {
    write(part("said"), texts.captionsLoading ?? "");
    const begun = await captions.start().catch(() => false);
    write(part("said"), begun ? "" : (texts.captionsFailed ?? ""));
  }
  press("captions").textContent = (captions.on ? texts.captionsOff : texts.captionsOn) ?? "";
}

function hostButton(): void {
  const button = press("host");
  const asked = host?.asked === true;
  show("host", host !== null && (asked || !host.away));
  button.textContent = (asked ? texts.sendHost : texts.askHost) ?? "";
}

const presses: Record<string, () => void | Promise<void>> = {
  mute: () => media.setMicrophone(!media.microphoneOn),
  camera: () => media.setCamera(!(media.cameraOn && media.picture !== null)),
  screen: async () => {
    if (media.showing === "screen") {
      await media.stopShowing();
    } else if (!(await media.showScreen())) {
      write(part("said"), texts.screenRefused ?? "");
    }
  },
  document: async () => {
    await (media.showing === "document" ? media.stopShowing() : media.showDocument());
  },
  lean: setLean,
  captions: toggleCaptions,
  host: () => {
    if (host !== null) {
      say({ type: host.asked ? "send_out" : "ask_in", number: host.number });
    }
  },
  settings: () => {
    const open = press("settings").ariaExpanded !== "true";
    press("settings").setAttribute("aria-expanded", String(open));
    part("panel").hidden = !open;
    if (open) {
      void devices.show();
      part("panel").scrollIntoView({ block: "nearest" });
    }
  },
  play: () => {
    stage.play();
    show("play", false);
  },
  leave: () => {
    say({ type: "leave" });
    finish("left", true);
  },
  back: () => void begin(),
  end: () => {
    const box = served();
    if (box !== null) {
      box.checked = met;
    }
    part<HTMLDialogElement>("end-dialog").showModal();
  },
  "end-now": () => {
    door?.flush();
    part<HTMLDialogElement>("end-dialog").close();
    say({ type: "end", served: served()?.checked ?? false });
  },
};

async function begin(): Promise<void> {
  if (step !== "left") {
    go("waiting");
  }
  allowSound(); // a page that may use the microphone may also make a sound without a press
  const asking = media.start().then(allowSound); // the browser's question need not be answered before one may wait
  await Promise.race([asking, new Promise((resolve) => setTimeout(resolve, 1_500))]);
  signal = new Signal(
    island.socket,
    { type: "hello", page, room: island.room },
    { heard: (word) => void hear(word), changed, closed: () => finish("over", false) },
  );
}

function start(): void {
  root.addEventListener("click", (event) => {
    allowSound();
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-press]");
    void presses[button?.dataset.press ?? ""]?.();
  });
  addEventListener("beforeunload", (event) => {
    if (step === "inside" && (people.length > 0 || door?.waits === true)) {
      event.preventDefault();
    }
  });
  show("screen", typeof navigator.mediaDevices?.getDisplayMedia === "function");
  part<HTMLDetailsElement>("more").open = matchMedia("(min-width: 48rem)").matches;
  void captions.possible().then((can) => show("captions", can));
  if ("RTCPeerConnection" in window && "WebSocket" in window) {
    void begin();
  } else {
    problem(texts.no_webrtc ?? "");
  }
}

start();
