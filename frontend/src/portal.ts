// The customers' search: answers while the form is filled in, and finds where the browser is.
// Without this script the form is sent and the page loaded, with the same content.
import { findNear } from "./portal-near";
import { element, pageData } from "./page";

export interface Island {
  near: string;
  texts: Record<"asking" | "denied" | "failed" | "found" | "offline", string>;
}

const island = pageData<Island>("portal-config");
const form = document.querySelector<HTMLFormElement>("form[data-find]");
let running: AbortController | null = null;

/** The search's address as the form would send it, without its empty fields. */
function addressOf(form: HTMLFormElement): string {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && value.trim() !== "") {
      fields.set(name, value);
    }
  }
  const query = fields.toString();
  return query === "" ? form.action : `${form.action}?${query}`;
}

/** Say it to those who cannot see that the list has changed. */
function announce(text: string): void {
  const status = document.getElementById("find-status");
  if (status !== null) {
    status.textContent = text;
  }
}

/** Put the parts of the answered page that live into this one; the form's fields stay. */
function swap(answered: Document): void {
  document.title = answered.title;
  for (const old of document.querySelectorAll("[data-live]")) {
    const fresh = answered.getElementById(old.id);
    if (fresh !== null) {
      old.replaceChildren(...fresh.childNodes);
    }
  }
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".languages a")) {
    link.href = answered.querySelector<HTMLAnchorElement>(`.languages a[lang=${link.lang}]`)?.href ?? link.href;
  }
}

/** Answer the search at `address` without leaving the page; `focus`: what to go to afterwards. */
async function answer(address: string, focus = ""): Promise<void> {
  running?.abort();
  const request = new AbortController();
  running = request;
  const results = document.getElementById("results");
  results?.setAttribute("aria-busy", "true");
  try {
    const response = await fetch(address, { signal: request.signal });
    if (!response.ok) {
      throw new Error(`${response.status}`);
    }
    swap(new DOMParser().parseFromString(await response.text(), "text/html"));
    history.replaceState(null, "", address);
    announce(document.querySelector("#results [data-summary]")?.textContent ?? "");
    document.getElementById(focus)?.focus();
  } catch (error) {
    if (!request.signal.aborted) {
      // What was typed stays in the form; nothing is lost by trying again.
      results?.prepend(element("p", island.texts.offline, { class: "field-error", role: "alert" }));
    }
  } finally {
    if (running === request) {
      results?.removeAttribute("aria-busy");
    }
  }
}

if (form !== null) {
  form.addEventListener("change", () => void answer(addressOf(form)));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void answer(addressOf(form));
  });
  document.getElementById("results")?.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("a[data-more]") : null;
    if (link !== null && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      void answer(link.href.replace(/#.*$/, ""), link.hash.slice(1));
    }
  });
}

for (const details of document.querySelectorAll<HTMLDetailsElement>("details[data-open-when-wide]")) {
  const wide = matchMedia("(min-width: 60rem)");
  details.open ||= wide.matches;
  wide.addEventListener("change", () => (details.open ||= wide.matches));
}

findNear(island);
