// The form of a held time: counts down, keeps what is typed, and tells when the connection is lost.
// Without this script the form is sent as it is, and the page says until when the time is kept.
import { pageData } from "./page";

interface Island {
  seconds: number;
  texts: Record<
    "failed" | "kept" | "left" | "offline" | "online" | "over" | "restored" | "soon",
    string
  >;
}

interface Typed {
  at: number;
  fields: Record<string, string>;
}

// For this tab only: on a shared computer nothing may stay when the window is closed.
const STORE = "palveluverkko-typed";
const A_DAY = 24 * 3600 * 1000;
const SOON = 120;

const form = document.querySelector<HTMLFormElement>("form[data-book]");

if (document.querySelector("[data-booked]") !== null) {
  sessionStorage.removeItem(STORE);
}
document.querySelector<HTMLElement>("[data-errors]")?.focus();
if (form !== null) {
  start(form, pageData<Island>("booking-config"));
}

function start(form: HTMLFormElement, island: Island): void {
  restore(form, island);
  form.addEventListener("input", () => keep(form));
  if (island.seconds > 0) {
    countDown(form, island);
  }
  window.addEventListener("offline", () => say(island.texts.offline));
  window.addEventListener("online", () => say(island.texts.online));
  form.addEventListener("submit", (event) => void send(form, island, event));
}

/** Say it on the page, politely to those who hear it. */
function say(text: string): void {
  const status = document.querySelector("[data-status]");
  if (status !== null) {
    status.textContent = text;
  }
}

type Field = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** The fields that a person types into. */
function fields(form: HTMLFormElement): Field[] {
  return Array.from(form.elements).filter(
    (element): element is Field =>
      (element instanceof HTMLInputElement && !["checkbox", "hidden"].includes(element.type)) ||
      element instanceof HTMLTextAreaElement,
  );
}

function keep(form: HTMLFormElement): void {
  const typed: Typed = { at: Date.now(), fields: {} };
  for (const field of fields(form)) {
    typed.fields[field.name] = field.value;
  }
  try {
    sessionStorage.setItem(STORE, JSON.stringify(typed));
  } catch {
    // The browser keeps nothing for pages; the form still works.
  }
}

/** Put what was typed before into fields that the server left empty. */
function restore(form: HTMLFormElement, island: Island): void {
  const typed = stored();
  let restored = false;
  for (const field of fields(form)) {
    const text = typed?.fields[field.name] ?? "";
    if (field.value === "" && text !== "") {
      field.value = text;
      restored = true;
    }
  }
  if (restored) {
    say(island.texts.restored);
  }
}

function stored(): Typed | null {
  try {
    const typed = JSON.parse(sessionStorage.getItem(STORE) ?? "null") as Typed | null;
    return typed !== null && Date.now() - typed.at < A_DAY ? typed : null;
  } catch {
    return null;
  }
}

/** Show the minutes left; say it at two minutes and at the end; keep the time longer on request. */
function countDown(form: HTMLFormElement, island: Island): void {
  const left = document.querySelector<HTMLElement>("[data-left]");
  let end = Date.now() + island.seconds * 1000;
  let warned = island.seconds <= SOON;
  const timer = window.setInterval(tick, 1000);
  tick();

  function tick(): void {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    if (left !== null) {
      left.textContent = island.texts.left
        .replace("{minutes}", String(Math.floor(seconds / 60)))
        .replace("{seconds}", String(seconds % 60));
    }
    if (seconds <= SOON && seconds > 0 && !warned) {
      warned = true;
      say(island.texts.soon);
    }
    if (seconds === 0) {
      window.clearInterval(timer);
      document.querySelector<HTMLElement>(".kept")?.setAttribute("hidden", "");
      form.querySelector("[data-keep]")?.remove();
      say(island.texts.over);
    }
  }

  form.querySelector("[data-keep]")?.addEventListener("click", (event) => {
    event.preventDefault();
    void longer(form, island).then((seconds) => {
      if (seconds > 0) {
        end = Date.now() + seconds * 1000;
        warned = false;
        document.querySelector(".kept strong")?.remove();
        form.querySelector<HTMLElement>("button[value=book]")?.focus();
        form.querySelector("[data-keep]")?.remove();
        tick();
        say(island.texts.kept);
      }
    });
  });
}

/** Ask the server to keep the time; how many seconds it is kept now, 0 where that failed. */
async function longer(form: HTMLFormElement, island: Island): Promise<number> {
  const body = new FormData(form);
  body.set("do", "keep");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body,
      headers: { Accept: "application/json" },
    });
    return answer.ok ? ((await answer.json()) as { seconds: number }).seconds : 0;
  } catch {
    say(island.texts.failed);
    return 0;
  }
}

let reached = false;

/** Send only over a connection that works: a browser's error page would hide what was typed. */
async function send(form: HTMLFormElement, island: Island, event: SubmitEvent): Promise<void> {
  keep(form);
  if (reached) {
    return;
  }
  event.preventDefault();
  if (!navigator.onLine) {
    say(island.texts.offline);
    return;
  }
  const button = event.submitter;
  try {
    await fetch(window.location.href, { method: "HEAD", cache: "no-store" });
    reached = true;
    form.requestSubmit(button);
  } catch {
    say(island.texts.failed);
  }
}

// The page comes back from the browser's memory with the form as it was left.
window.addEventListener("pageshow", () => {
  reached = false;
});
