// The desk: presses and looks without leaving the page, single keys, notes saved as they are typed.
// Without this script every button is a form's, and the page is loaded again.
import { startKeys } from "./desk-keys";
import { flushNotes, startNotes, unsavedFor } from "./desk-notes";
import { pageData } from "./page";

const EVERY = 4_000; // milliseconds between two looks

export interface Texts {
  offline: string;
  signedOut: string;
  saving: string;
}

const desk = document.querySelector<HTMLElement>("[data-desk]");

/** Whether somebody is in the middle of something in there. */
function inUse(part: HTMLElement): boolean {
  return part.querySelector("details[open], select:focus, input:focus, textarea:focus") !== null;
}

/** Replace what has changed. The focus stays on the same button, or goes to one near it. */
function swap(answered: Document, pressed: boolean): void {
  for (const old of document.querySelectorAll<HTMLElement>("[data-live]")) {
    const fresh = answered.getElementById(old.id);
    if (fresh === null || same(old, fresh) || (!pressed && inUse(old))) {
      continue;
    }
    if (old.dataset.keep !== undefined) {
      const ref = fresh.dataset.keep ?? "";
      if (old.dataset.keep === ref || unsavedFor(old)) {
        continue; // the same customer: what is being typed stays
      }
      old.dataset.keep = ref;
    }
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    old.replaceChildren(...fresh.childNodes);
    if (focused !== null) {
      refocus(focused.id, old);
    }
  }
}

/** Alike but for the tokens against forged forms, which are new in every answer. */
function same(one: HTMLElement, other: HTMLElement): boolean {
  const plain = (part: HTMLElement): string =>
    part.innerHTML.replace(/name="csrfmiddlewaretoken" value="[^"]*"/g, "").replace(/ open=""/g, "");
  return plain(one) === plain(other);
}

function refocus(id: string, part: HTMLElement): void {
  const again = id === "" ? null : document.getElementById(id);
  const near = again ?? part.querySelector<HTMLElement>("button") ?? document.getElementById("desk-top");
  near?.focus({ preventScroll: again === null });
}

function say(text: string, wrong = false): void {
  const said = document.getElementById("said");
  if (said !== null && text !== "") {
    said.textContent = text;
    said.classList.toggle("said--wrong", wrong);
  }
}

/** What the answered page says of the press. */
function saidBy(answered: Document): void {
  const said = answered.querySelector("main > [role=status]");
  say(said?.textContent?.trim() ?? "", said?.querySelector(".hds-notification--error") != null);
}

let looking: AbortController | null = null;
let presses: Promise<unknown> = Promise.resolve();
const underWay = new Set<string>();

async function ask(address: string, texts: Texts, request: RequestInit): Promise<void> {
  const pressed = request.body != null;
  try {
    const response = await fetch(address, request);
    if (response.url.includes("/login/")) {
      say(texts.signedOut, true);
      return;
    }
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    const answered = new DOMParser().parseFromString(await response.text(), "text/html");
    if (request.signal?.aborted !== true) {
      swap(answered, pressed);
    }
    if (pressed) {
      saidBy(answered);
    }
  } catch {
    if (request.signal?.aborted !== true) {
      say(texts.offline, true);
    }
  }
}

/** Presses are carried out one after the other; the same one twice at once is one. */
function press(form: HTMLFormElement, body: FormData, texts: Texts): void {
  const what = String(body.get("do"));
  if (underWay.has(what)) {
    return;
  }
  underWay.add(what);
  looking?.abort(); // what it would show is old by now
  presses = presses
    .then(() => flushNotes(texts))
    .then((saved) => (saved ? ask(form.action, texts, { method: "POST", body }) : undefined))
    .finally(() => underWay.delete(what));
}

async function look(address: string, texts: Texts): Promise<void> {
  if (underWay.size > 0 || looking !== null || document.hidden) {
    return;
  }
  looking = new AbortController();
  await ask(address, texts, { signal: looking.signal });
  looking = null;
}

if (desk !== null) {
  const texts = pageData<Texts>("desk-texts");
  const address = desk.dataset.poll ?? location.pathname;
  const looks = (form: HTMLFormElement): boolean => form.id === "do" || form.dataset.do !== undefined;

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !looks(form)) {
      return;
    }
    event.preventDefault();
    const body = new FormData(form, event.submitter);
    for (const details of form.closest("[data-live]")?.querySelectorAll("details") ?? []) {
      details.open = false;
    }
    press(form, body, texts);
  });

  startKeys(desk);
  startNotes(desk, texts, say);
  setInterval(() => void look(address, texts), EVERY);
  const first = document.querySelector("main > [role=status]");
  if (first !== null) {
    say(first.textContent?.trim() ?? "", first.querySelector(".hds-notification--error") !== null);
    first.remove();
  }
}
