// A video room: the screen follows what is true on the server, and locks itself when nobody is there;
// the staff's own computer rings when they are asked to come.
import { allowSound, chime } from "./sound";

interface Now {
  open: boolean;
  turn: number | null;
  host: string;
}

const EVERY = 4_000; // milliseconds between two looks
const RING = 3_000;
// Milliseconds after which a screen locks itself in a meeting that was left, or that nobody opens.
const LEFT = 30_000;
const WAITING = 30 * 60_000;

const screen_ = document.querySelector<HTMLElement>("[data-room]");
const host = document.querySelector<HTMLElement>("[data-room-host]");

async function ask<T>(address: string): Promise<T | null> {
  try {
    const response = await fetch(address, { cache: "no-store", credentials: "same-origin" });
    return response.ok ? ((await response.json()) as T) : null;
  } catch {
    return null; // the next look tries again
  }
}

/** The page was made for one state of the room; in another one the server shows another page. */
function follow(room: HTMLElement): void {
  const look = async (): Promise<void> => {
    const now = await ask<Now>(room.dataset.state ?? "");
    if (now === null) {
      return;
    }
    const here = now.turn === null ? "" : String(now.turn);
    if (!now.open || here !== room.dataset.turn) {
      location.replace(room.dataset.room ?? "/");
      return;
    }
    const said = room.querySelector<HTMLElement>("[data-host-said]");
    const text = room.dataset[now.host === "coming" ? "coming" : "asked"] ?? "";
    if (said !== null && said.textContent !== (now.host === "" ? "" : text)) {
      said.textContent = now.host === "" ? "" : text;
    }
  };
  setInterval(() => void look(), EVERY);
}

function lockWhenIdle(room: HTMLElement): void {
  const form = room.querySelector<HTMLFormElement>("[data-when-idle]");
  const seconds = Number(room.dataset.idle ?? 0);
  if (form === null || seconds === 0) {
    return;
  }
  let timer = 0;
  const again = (): void => {
    clearTimeout(timer);
    timer = window.setTimeout(() => form.submit(), seconds * 1000);
  };
  for (const sign of ["pointerdown", "keydown", "focusin"]) {
    document.addEventListener(sign, again);
  }
  again();
}

/** In the meeting's page: who has left it, or waits for hours, has perhaps gone. */
function lockWhenGone(room: HTMLElement): void {
  const form = room.querySelector<HTMLFormElement>("[data-when-idle]");
  if (form === null || document.querySelector("[data-meeting]") === null) {
    return;
  }
  let since = Date.now();
  let was = "";
  const here = (): void => {
    since = Date.now();
  };
  for (const sign of ["pointerdown", "keydown"]) {
    document.addEventListener(sign, here);
  }
  setInterval(() => {
    const step = document.querySelector<HTMLElement>("[data-step]:not([hidden])")?.dataset.step ?? "";
    if (step !== was) {
      was = step;
      here();
    }
    const most = { left: LEFT, waiting: WAITING }[step];
    if (most !== undefined && Date.now() - since > most) {
      form.submit();
    }
  }, 1_000);
}

function callHost(room: HTMLElement): void {
  const form = room.querySelector<HTMLFormElement>("[data-ask-host]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = room.querySelector<HTMLElement>("[data-host-said]");
    const headers = { Accept: "application/json" };
    fetch(form.action, { method: "POST", body: new FormData(form), headers }).then(
      () => said !== null && (said.textContent = room.dataset.asked ?? ""),
      () => form.submit(),
    );
  });
}

/** The staff's page: shows anew what has changed, and rings until somebody answers. */
function watch(page: HTMLElement): void {
  const title = document.title;
  const ring = (): void => {
    const asked = page.dataset.host === "asked";
    document.title = asked ? (page.dataset.rings ?? title) : title;
    if (asked) {
      chime();
    }
  };
  const look = async (): Promise<void> => {
    const now = await ask<Now>(page.dataset.state ?? "");
    const turn = String(now?.turn ?? "");
    if (now === null || (now.open && turn === page.dataset.turn && now.host === page.dataset.host)) {
      return;
    }
    if (!now.open) {
      location.reload();
      return;
    }
    await showAnew(page);
    ring();
  };
  setInterval(() => void look(), EVERY);
  setInterval(ring, RING);
  ring();
}

/** Not by loading the page again: a browser that has been allowed to ring would forget it. */
async function showAnew(page: HTMLElement): Promise<void> {
  const answer = await fetch(location.pathname, { cache: "no-store" });
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = made.querySelector<HTMLElement>("[data-room-host]");
  if (fresh === null) {
    location.reload();
    return;
  }
  page.dataset.turn = fresh.dataset.turn ?? "";
  page.dataset.host = fresh.dataset.host ?? "";
  const [now, then] = [page, fresh].map((one) => one.querySelector<HTMLElement>("[data-live]"));
  now?.replaceChildren(...(then?.childNodes ?? []));
  if (page.dataset.host === "asked") {
    page.querySelector<HTMLElement>("[data-wanted]")?.focus();
  }
}

function offerSound(page: HTMLElement): void {
  const button = page.querySelector<HTMLButtonElement>("[data-sound]");
  if (button !== null) {
    button.hidden = false;
    button.addEventListener("click", () => {
      allowSound();
      chime();
    });
  }
}

if (screen_ !== null) {
  follow(screen_);
  lockWhenIdle(screen_);
  lockWhenGone(screen_);
  callHost(screen_);
}
if (host !== null) {
  watch(host);
  offerSound(host);
}
// A page that the browser kept may show somebody who has left the room long ago.
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
