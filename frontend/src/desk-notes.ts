// Notes are saved a moment after the last letter; until then a press that ends the visit waits.
// What could not be saved stays in the field, and in this window's own storage over a sign-in.
import type { Texts } from "./desk";

const AFTER = 800; // milliseconds after the last letter

let pending: { form: HTMLFormElement; timer: number } | null = null;
let tell: (text: string, wrong?: boolean) => void = () => undefined;

function status(form: HTMLFormElement, text: string): void {
  const line = form.querySelector("[data-notes-status]");
  if (line !== null) {
    line.textContent = text;
  }
}

function refOf(form: HTMLFormElement): string {
  return `notes ${String(new FormData(form).get("ref"))}`;
}

async function save(form: HTMLFormElement, texts: Texts): Promise<boolean> {
  status(form, texts.saving);
  const body = new FormData(form);
  sessionStorage.setItem(refOf(form), String(body.get("text")));
  try {
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (response.url.includes("/login/")) {
      status(form, texts.signedOut);
      tell(texts.signedOut, true);
      return false;
    }
    const answer = (await response.json()) as { said: string };
    status(form, answer.said);
    if (response.ok) {
      sessionStorage.removeItem(refOf(form));
    }
    return response.ok;
  } catch {
    status(form, texts.offline);
    return false;
  }
}

/** Save at once what is still to be saved; false where that failed. */
export async function flushNotes(texts: Texts): Promise<boolean> {
  if (pending === null) {
    return true;
  }
  const { form, timer } = pending;
  clearTimeout(timer);
  const saved = await save(form, texts);
  if (saved) {
    pending = null;
  }
  return saved;
}

/** Whether the field in `part` holds letters that are not saved. */
export function unsavedFor(part: HTMLElement): boolean {
  return pending !== null && part.contains(pending.form);
}

export function startNotes(desk: HTMLElement, texts: Texts, say: typeof tell): void {
  tell = say;
  desk.addEventListener("input", (event) => {
    const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form[data-notes]") : null;
    if (form !== null) {
      clearTimeout(pending?.timer);
      pending = { form, timer: window.setTimeout(() => void flushNotes(texts), AFTER) };
    }
  });
  desk.addEventListener("submit", (event) => {
    const form = event.target;
    if (form instanceof HTMLFormElement && form.dataset.notes !== undefined) {
      event.preventDefault();
      clearTimeout(pending?.timer);
      pending = { form, timer: 0 };
      void flushNotes(texts);
    }
  });
  for (const form of desk.querySelectorAll<HTMLFormElement>("form[data-notes]")) {
    const kept = sessionStorage.getItem(refOf(form));
    const field = form.querySelector("textarea");
    if (kept !== null && field !== null && kept !== field.value) {
      field.value = kept;
      pending = { form, timer: window.setTimeout(() => void flushNotes(texts), AFTER) };
    }
  }
}
