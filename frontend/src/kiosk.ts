// Queue numbers: the kiosk goes back to its start by itself; a phone tells when the turn comes.
// Without this script the ticket's page is loaded again every few seconds.
import { allowSound, chime } from "./sound";

const EVERY = 5_000; // milliseconds between two looks
const IDLE = 120; // seconds after which an open choice goes back to the start

const kiosk = document.querySelector<HTMLElement>("[data-kiosk]");
const ticket = document.querySelector<HTMLElement>("[data-ticket]");

function goBackWhenIdle(start: string, seconds: number): void {
  let timer = 0;
  const again = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => location.replace(start), seconds * 1000);
  };
  for (const sign of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(sign, again);
  }
  again();
}

function notice(): void {
  chime();
  if ("vibrate" in navigator) {
    navigator.vibrate([300, 150, 300]);
  }
}

/** Take over what the answered page says, but never while the customer chooses a time. */
function follow(answered: Document): void {
  const fresh = answered.querySelector<HTMLElement>("[data-ticket]");
  if (ticket === null || fresh === null) {
    return;
  }
  document.title = answered.title;
  const changed = fresh.dataset.ticket !== ticket.dataset.ticket;
  ticket.dataset.ticket = fresh.dataset.ticket ?? "";
  if (changed) {
    ticket.replaceChildren(...fresh.childNodes);
    document.getElementById("content")?.focus();
    if (ticket.dataset.ticket === "called") {
      notice();
    }
    return;
  }
  for (const id of ["ticket-state", "ticket-place"]) {
    const old = document.getElementById(id);
    const part = answered.getElementById(id);
    if (old !== null && part !== null && old.innerHTML !== part.innerHTML) {
      old.replaceChildren(...part.childNodes);
    }
  }
}

async function look(address: string): Promise<void> {
  try {
    const response = await fetch(address);
    if (response.ok) {
      follow(new DOMParser().parseFromString(await response.text(), "text/html"));
    }
  } catch {
    // The next look tries again.
  }
}

if (kiosk !== null) {
  const start = kiosk.dataset.kiosk ?? location.pathname;
  // The start itself too: waits and opening hours grow old.
  goBackWhenIdle(start, Number(kiosk.dataset.idle ?? IDLE));
  const print = kiosk.querySelector<HTMLButtonElement>("[data-print]");
  if (print !== null) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }
}

if (ticket !== null) {
  const button = ticket.querySelector<HTMLButtonElement>("[data-sound]");
  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", () => {
      allowSound();
      chime();
      button.hidden = true;
    });
  }
  const address = ticket.dataset.poll ?? location.pathname;
  setInterval(() => void look(address), EVERY);
}
