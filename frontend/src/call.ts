// The customer's call: microphone, queue, sound, text. One step of the page is open at a time.
import { pageData } from "./page";
import { Chat, type ChatTexts } from "./rtc/chat";
import { Link, soundOf, type Sound, type Way } from "./rtc/link";
import { canCall, microphone, NoMicrophone, showLevel } from "./rtc/microphone";
import { placeText, waitText } from "./rtc/queue";
import { Signal, type Word } from "./rtc/signal";

interface Texts extends ChatTexts {
  [name: string]: string;
}

interface Island {
  enter: string;
  socket: string;
  texts: Texts;
}

type Step = "start" | "waiting" | "talking" | "ended";

const KEPT = "palveluverkko-call"; // in this window only; gone when the call ends
const NO_SOUND = 15_000;

const root = document.querySelector<HTMLElement>("[data-call]");
const island = root === null ? null : pageData<Island>("call-island");
const texts = island?.texts as Texts;
const page = crypto.randomUUID?.() ?? `page-${Math.random().toString(36).slice(2)}-${Date.now()}`;
const key = page;

let step: Step = "start";
let stream: MediaStream | null = null;
let stopLevel: (() => void) | null = null;
let signal: Signal | null = null;
let link: Link | null = null;
let way: Way = { ice: [], relay: false };
let chat: Chat | null = null;
let wasOn = false;
let lean = false;
let noSound = 0;

function part<T extends HTMLElement = HTMLElement>(name: string): T {
  return document.querySelector<T>(`[data-${name}]`) as T;
}

function within(selector: string): HTMLElement[] {
  return [...(root as HTMLElement).querySelectorAll<HTMLElement>(selector)];
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) {
    element.textContent = text; // a live region speaks only when it changes
  }
}

function go(next: Step): void {
  if (next === step) {
    return;
  }
  step = next;
  for (const section of within("[data-step]")) {
    section.hidden = section.dataset.step !== next;
  }
  root?.querySelector<HTMLElement>(`[data-step="${next}"] h2`)?.focus();
}

function problem(code: string | null): void {
  const box = part("problems");
  for (const text of within("[data-problem]")) {
    text.hidden = text.dataset.problem !== code;
  }
  part("silent").hidden = !["no_microphone", "permission", "busy_microphone"].includes(code ?? "");
  box.hidden = code === null;
  if (code !== null) {
    box.focus();
  }
}

// --- the queue

async function begin(withMicrophone: boolean): Promise<void> {
  problem(null);
  const form = part<HTMLFormElement>("start");
  if (!form.reportValidity()) {
    return;
  }
  const button = part<HTMLButtonElement>("begin");
  button.disabled = true;
  try {
    if (!canCall()) {
      throw new NoMicrophone("no_webrtc");
    }
    if (withMicrophone) {
      await takeMicrophone();
    }
    await enter(form);
  } catch (error) {
    problem(error instanceof NoMicrophone ? error.why : "offline");
  } finally {
    button.disabled = false;
  }
}

async function takeMicrophone(): Promise<void> {
  stream ??= await microphone();
  part("microphone").hidden = false;
  stopLevel ??= showLevel(stream, part<HTMLMeterElement>("level"));
}

async function enter(form: HTMLFormElement): Promise<void> {
  const body = new FormData(form);
  body.set("key", key);
  const response = await fetch((island as Island).enter, { method: "POST", body });
  const answer = (await response.json()) as { token?: string; problem?: string };
  if (answer.token === undefined) {
    letMicrophoneGo();
    problem(answer.problem ?? "broken");
    return;
  }
  sessionStorage.setItem(KEPT, answer.token);
  join(answer.token);
}

function join(token: string): void {
  part("no-microphone").hidden = stream !== null;
  signal = new Signal(
    (island as Island).socket,
    { type: "hello", page, token },
    { heard: (word) => void hear(word), changed, closed: () => over(null) },
  );
}

function queue(word: Word): void {
  go("waiting");
  write(part("place"), placeText(word, texts));
  write(part("wait"), waitText(word, texts));
}

// --- what the other side and the server say

async function hear(word: Word): Promise<void> {
  switch (word.type) {
    case "welcome":
      way = { ice: word.ice as RTCIceServer[], relay: word.relay === true };
      chat?.start(word.lines as never[], false);
      if (step === "talking") {
        here(link?.sound === "lost");
      }
      break;
    case "state":
      state(word);
      break;
    case "offer":
      await offered(String(word.peer), String(word.sdp));
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
    case "line":
      chat?.add(word as never);
      break;
    case "muted":
      write(part("other"), word.on === true ? (texts.otherMuted ?? "") : "");
      break;
    case "lean":
      await setLean(word.on === true, false);
      break;
    case "elsewhere":
      problem("elsewhere");
      break;
  }
}

function state(word: Word): void {
  if (word.state === "waiting") {
    unlink(); // the adviser was lost: back in the queue, with the place kept
    queue(word);
  } else if (word.state === "talking") {
    if (step !== "talking") {
      go("talking");
      write(part("status"), texts.connecting ?? "");
      chat?.flush();
      watchForSound();
    }
    here();
  } else {
    over(word.state === "abandoned" && step !== "talking" ? "abandoned" : null);
  }
}

function here(lost = false): void {
  signal?.say({ type: "here", page, lost });
}

function changed(open: boolean): void {
  const text = step === "talking" ? texts.signalling : texts.queueLost;
  for (const line of within("[data-lost]")) {
    write(line, open ? "" : (text ?? ""));
  }
}

function over(code: string | null): void {
  sessionStorage.removeItem(KEPT);
  signal?.stop();
  signal = null;
  unlink();
  letMicrophoneGo();
  go("ended");
  if (code !== null) {
    problem(code);
  }
}

// --- the sound

async function offered(peer: string, sdp: string): Promise<void> {
  if (link === null || !link.has(peer)) {
    link?.close(); // what waits for sound goes on waiting
    link = new Link(way, peer, {
      send: (word) => signal?.say(word) ?? false,
      sound,
      stream: play,
    });
  }
  await link.answer(peer, sdp, page, soundOf(stream));
  if (lean) {
    await link.lean(true);
  }
}

function sound(now: Sound): void {
  if (now === "on") {
    wasOn = true;
    clearTimeout(noSound);
    write(part("status"), texts.talking ?? "");
    problem(null);
    stopLevel?.();
    stopLevel = null;
  } else if (now === "lost") {
    if (wasOn) {
      write(part("status"), texts.lost ?? "");
    }
    signal?.doubt();
    here(true);
  }
}

function watchForSound(): void {
  clearTimeout(noSound);
  noSound = window.setTimeout(() => {
    if (step === "talking" && link?.sound !== "on") {
      problem("no_sound");
    }
  }, NO_SOUND);
}

function play(heard: MediaStream): void {
  const audio = part<HTMLAudioElement>("remote");
  audio.srcObject = heard;
  const button = part<HTMLButtonElement>("play");
  audio.play().then(
    () => (button.hidden = true),
    () => (button.hidden = false), // browsers want a press first in a page that was loaded again
  );
}

function unlink(): void {
  link?.close();
  link = null;
  wasOn = false;
  clearTimeout(noSound);
}

function letMicrophoneGo(): void {
  stopLevel?.();
  stopLevel = null;
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
}

function mute(): void {
  const track = stream?.getAudioTracks()[0];
  if (track !== undefined) {
    track.enabled = !track.enabled;
    part("mute").textContent = (track.enabled ? texts.mute : texts.unmute) ?? "";
    signal?.say({ type: "muted", on: !track.enabled });
  }
}

async function setLean(on: boolean, tell: boolean): Promise<void> {
  lean = on;
  part("lean").setAttribute("aria-pressed", String(on));
  await link?.lean(on);
  if (tell) {
    signal?.say({ type: "lean", on });
  }
}

function leave(): void {
  if (signal === null || !signal.say({ type: "leave" })) {
    over(null); // we hear of it by the silence
  }
}

async function goOn(token: string): Promise<void> {
  try {
    await takeMicrophone();
  } catch {
    part("no-microphone").hidden = false;
  }
  join(token);
}

if (root !== null) {
  chat = new Chat(part("chat"), true, texts, (word) => signal?.say(word) ?? false);
  part("begin").hidden = false;
  part("start").addEventListener("submit", (event) => {
    event.preventDefault();
    void begin(true);
  });
  part("silent").addEventListener("click", () => void begin(false));
  part("mute").addEventListener("click", mute);
  part("lean").addEventListener("click", () => void setLean(!lean, true));
  part("play").addEventListener("click", () => play(part<HTMLAudioElement>("remote").srcObject as MediaStream));
  within("[data-leave]").forEach((button) => button.addEventListener("click", leave));
  addEventListener("beforeunload", (event) => {
    if (step === "talking") {
      event.preventDefault();
    }
  });
  if (!canCall()) {
    problem("no_webrtc");
  }
  const kept = sessionStorage.getItem(KEPT);
  if (kept !== null) {
    void goOn(kept);
  }
}
