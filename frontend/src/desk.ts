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

let running = false;

async function ask(address: string, body: FormData | null, texts: Texts): Promise<void> {
  running = true;
  try {
    const response = await fetch(address, body === null ? {} : { method: "POST", body });
    if (response.url.includes("/login/")) {
      say(texts.signedOut, true);
      return;
    }
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    const answered = new DOMParser().parseFromString(await response.text(), "text/html");
    swap(answered, body !== null);
    if (body !== null) {
      saidBy(answered);
    }
  } catch {
    say(texts.offline, true);
  } finally {
    running = false;
  }
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
    if (running) {
      return; // a second press of the same moment
    }
    const body = new FormData(form, event.submitter);
    for (const details of form.closest("[data-live]")?.querySelectorAll("details") ?? []) {
      details.open = false;
    }
    void flushNotes(texts).then((saved) => (saved ? ask(form.action, body, texts) : undefined));
  });

  startKeys(desk);
  startNotes(desk, texts, say);
  setInterval(() => {
    if (!running && !document.hidden) {
      void ask(address, null, texts);
    }
  }, EVERY);
  const first = document.querySelector("main > [role=status]");
  if (first !== null) {
    say(first.textContent?.trim() ?? "", first.querySelector(".hds-notification--error") !== null);
    first.remove();
  }
}
