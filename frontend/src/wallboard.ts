// The wallboard: looks again every few seconds, and says so when its figures have become old.
// Without this script the page is loaded again.
const EVERY = 10_000; // milliseconds
const stale = document.getElementById("wallboard-stale");

async function look(): Promise<void> {
  const shown = document.getElementById("wallboard");
  if (shown === null || document.hidden || shown.contains(document.activeElement)) {
    return;
  }
  try {
    const response = await fetch(location.href);
    const answered = new DOMParser().parseFromString(await response.text(), "text/html");
    const fresh = answered.getElementById("wallboard");
    if (!response.ok || fresh === null) {
      throw new Error(`${response.status}`);
    }
    shown.replaceChildren(...fresh.childNodes);
    stale?.toggleAttribute("hidden", true);
  } catch {
    stale?.toggleAttribute("hidden", false);
  }
}

setInterval(() => void look(), EVERY);
