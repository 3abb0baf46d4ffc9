// "Use my location": the browser's position, rounded before it leaves, becomes a place's name.
import type { Island } from "./portal";

const DECIMALS = 2; // about a kilometre
const PATIENCE_MS = 15_000;

function position(): Promise<GeolocationPosition> {
  return new Promise((found, failed) => {
    navigator.geolocation.getCurrentPosition(found, failed, {
      maximumAge: 600_000,
      timeout: PATIENCE_MS,
    });
  });
}

/** The nearest place's name, empty where there is none. The position goes in the body alone. */
async function nameOf(found: GeolocationPosition, near: string): Promise<string> {
  const response = await fetch(near, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({
      lat: Number(found.coords.latitude.toFixed(DECIMALS)),
      lon: Number(found.coords.longitude.toFixed(DECIMALS)),
    }),
  });
  return response.ok ? ((await response.json()) as { place: string }).place : "";
}

/** Show the button where the browser can tell its position, and fill the field when pressed. */
export function findNear(island: Island): void {
  const button = document.querySelector<HTMLButtonElement>("[data-near]");
  const status = document.querySelector("[data-near-status]");
  const field = document.querySelector<HTMLInputElement>("#id_place");
  if (button === null || status === null || field === null || !("geolocation" in navigator)) {
    return;
  }
  const { texts, near } = island;
  button.hidden = false;
  document.querySelector("[data-near-note]")?.removeAttribute("hidden");
  button.addEventListener("click", async () => {
    status.textContent = texts.asking;
    try {
      const place = await nameOf(await position(), near);
      if (place === "") {
        status.textContent = texts.failed;
        return;
      }
      field.value = place;
      status.textContent = texts.found.replace("%(place)s", place);
      field.dispatchEvent(new Event("change", { bubbles: true }));
    } catch (error) {
      const denied = "GeolocationPositionError" in window && error instanceof GeolocationPositionError && error.code === error.PERMISSION_DENIED;
      status.textContent = denied ? texts.denied : texts.failed;
    }
  });
}
