// Video at once: the place in the queue; when an adviser answers, the meeting's own page opens.
import { pageData } from "./page";
import { canCall } from "./rtc/microphone";
import { placeText, waitText } from "./rtc/queue";
import { Signal, type Word } from "./rtc/signal";

interface Island {
  enter: string;
  back: string;
  socket: string;
  token: string;
  texts: Record<string, string>;
}

type Step = "start" | "waiting" | "ready" | "ended";

const KEPT = "palveluverkko-video"; // in this window only; gone when the contact ends

const root = document.querySelector<HTMLElement>("[data-video]");
const island = root === null ? null : pageData<Island>("video-island");
const page = crypto.randomUUID?.() ?? `page-${Math.random().toString(36).slice(2)}-${Date.now()}`;

let step: Step = "start";
let token = "";
let signal: Signal | null = null;

function part<T extends HTMLElement = HTMLElement>(name: string): T {
  return document.querySelector<T>(`[data-${name}]`) as T;
}

function within(selector: string): HTMLElement[] {
  return [...(root as HTMLElement).querySelectorAll<HTMLElement>(selector)];
}

function write(name: string, text: string): void {
  const element = part(name);
  if (element.textContent !== text) {
    element.textContent = text; // a live region speaks only when it changes
  }
}

function go(next: Step): void {
  if (next !== step) {
    step = next;
    for (const section of within("[data-step]")) {
      section.hidden = section.dataset.step !== next;
    }
    root?.querySelector<HTMLElement>(`[data-step="${next}"] h2`)?.focus();
  }
}

function problem(code: string | null): void {
  for (const text of within("[data-problem]")) {
    text.hidden = text.dataset.problem !== code;
  }
  const box = part("problems");
  box.hidden = code === null;
  if (code !== null) {
    box.focus();
  }
}

async function begin(form: HTMLFormElement): Promise<void> {
  problem(null);
  const button = part<HTMLButtonElement>("begin");
  button.disabled = true;
  try {
    const body = new FormData(form);
    body.set("key", page);
    const response = await fetch((island as Island).enter, { method: "POST", body });
    const answer = (await response.json()) as { token?: string; problem?: string };
    if (answer.token === undefined) {
      problem(answer.problem ?? "broken");
    } else {
      wait(answer.token);
    }
  } catch {
    problem("offline");
  } finally {
    button.disabled = false;
  }
}

function wait(given: string): void {
  token = given;
  sessionStorage.setItem(KEPT, token);
  signal = new Signal(
    (island as Island).socket,
    { type: "hello", page, token },
    { heard, changed, closed },
  );
}

function heard(word: Word): void {
  if (word.type === "elsewhere") {
    problem("elsewhere");
  } else if (word.type === "state") {
    state(word);
  }
}

function state(word: Word): void {
  const texts = (island as Island).texts;
  if (word.state === "waiting") {
    go("waiting");
    write("place", placeText(word, texts));
    write("wait", waitText(word, texts));
  } else if (word.state === "talking") {
    join();
  } else {
    over(word.state === "abandoned" ? "abandoned" : null);
  }
}

/** The meeting has a page of its own; the form carries the token, so that no address does. */
function join(): void {
  if (step !== "ready") {
    go("ready");
    const form = part<HTMLFormElement>("join");
    form.querySelector<HTMLInputElement>("[name=token]")!.value = token;
    form.submit();
  }
}

function changed(open: boolean): void {
  write("lost", open ? "" : ((island as Island).texts.queueLost ?? ""));
}

/** What this window kept is over, or not ours: where nothing was shown of it, one may begin. */
function closed(): void {
  if (step === "start") {
    sessionStorage.removeItem(KEPT);
    signal = null;
  } else {
    over(null);
  }
}

function over(code: string | null): void {
  sessionStorage.removeItem(KEPT);
  signal?.stop();
  signal = null;
  go("ended");
  if (code !== null) {
    problem(code);
  }
}

function leave(): void {
  if (signal === null || !signal.say({ type: "leave" })) {
    over(null); // we hear of it by the silence
  }
}

if (root !== null) {
  part("begin").hidden = false;
  part("start").addEventListener("submit", (event) => {
    event.preventDefault();
    void begin(event.target as HTMLFormElement);
  });
  part("leave").addEventListener("click", leave);
  if (!canCall()) {
    problem("no_webrtc");
  }
  // Back from the meeting, or the page was loaded again: the place is kept.
  const kept = (island as Island).token || sessionStorage.getItem(KEPT);
  if (kept) {
    wait(kept);
  }
}
