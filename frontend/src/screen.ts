// The waiting room's screen: new calls flash, sound, are spoken and told to screen readers.
// Without this script the page is loaded again every few seconds.
import { allowSound, chime } from "./sound";

const EVERY = 3_000; // milliseconds
const screen = document.querySelector<HTMLElement>("[data-screen]");
let known = new Set<string>();
let sounds = false;

function rows(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-call]")];
}

function announce(fresh: HTMLElement[]): void {
  const spoken = fresh.map((row) => row.dataset.spoken ?? "").join(" ");
  const line = document.getElementById("spoken");
  if (line !== null) {
    line.textContent = spoken;
  }
  for (const row of fresh) {
    row.classList.add("is-new");
  }
  if (sounds) {
    chime();
    if ("speechSynthesis" in window) {
      const words = new SpeechSynthesisUtterance(spoken);
      words.lang = document.documentElement.lang;
      setTimeout(() => speechSynthesis.speak(words), 900); // after the tones
    }
  }
}

async function look(address: string): Promise<void> {
  try {
    const response = await fetch(address);
    if (!response.ok) {
      return;
    }
    const answered = new DOMParser().parseFromString(await response.text(), "text/html");
    const old = document.getElementById("calls");
    const fresh = answered.getElementById("calls");
    if (old === null || fresh === null || old.innerHTML === fresh.innerHTML) {
      return;
    }
    old.replaceChildren(...fresh.childNodes);
    const called = rows().filter((row) => !known.has(row.dataset.call ?? ""));
    known = new Set(rows().map((row) => row.dataset.call ?? ""));
    if (called.length > 0) {
      announce(called);
    }
  } catch {
    // The next look tries again; what is shown stays true for the while.
  }
}

if (screen !== null) {
  known = new Set(rows().map((row) => row.dataset.call ?? ""));
  const button = screen.querySelector<HTMLButtonElement>("[data-sound]");
  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", () => {
      sounds = true;
      allowSound();
      chime();
      button.hidden = true;
    });
  }
  const address = screen.dataset.screen ?? location.pathname;
  setInterval(() => void look(address), EVERY);
}
