// The test of camera, sound and connection, before a meeting and without one.
import { pageData } from "../page";
import { Devices, type Texts } from "./devices";
import { Media } from "./media";

interface Island {
  socket: string;
  ways: string;
  texts: Texts;
}

const root = document.querySelector<HTMLElement>("[data-device-test]");

function start(page: HTMLElement): void {
  const island = pageData<Island>("meeting-island");
  const media = new Media({ track: () => undefined, changed: () => void devices.show() });
  const panel = page.querySelector("[data-devices]") as HTMLElement;
  const devices = new Devices(panel, media, island.texts, island.ways, island.socket);
  const button = page.querySelector("[data-begin]") as HTMLButtonElement;
  button.hidden = false;
  button.addEventListener("click", () => {
    (button.parentElement as HTMLElement).hidden = true;
    (page.querySelector("[data-panel]") as HTMLElement).hidden = false;
    page.querySelector<HTMLElement>("#devices-heading")?.setAttribute("tabindex", "-1");
    page.querySelector<HTMLElement>("#devices-heading")?.focus();
    void media.start();
    page.querySelector<HTMLElement>("[data-test-connection]")?.click();
  });
}

if (root !== null) {
  start(root);
}
