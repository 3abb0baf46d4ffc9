// The panel in which camera, microphone, loudspeaker and connection are chosen and tried.
import { showLevel } from "../rtc/microphone";
import { tryConnection } from "./connection";
import type { Media } from "./media";

export type Texts = Record<string, string>;

const KINDS: Record<string, MediaDeviceKind> = {
  camera: "videoinput",
  microphone: "audioinput",
  speaker: "audiooutput",
};
const HEARS = 6; // of a hundred: a room's own noise is less

export class Devices {
  private stopLevel: (() => void) | null = null;
  private measured: MediaStreamTrack | null = null;
  private heard = false;
  speaker = "";

  constructor(
    private readonly panel: HTMLElement,
    private readonly media: Media,
    private readonly texts: Texts,
    private readonly ways: string,
    private readonly socket: string,
    private readonly spoken: (id: string) => void = () => undefined,
  ) {
    for (const select of panel.querySelectorAll<HTMLSelectElement>("[data-choose]")) {
      select.addEventListener("change", () => this.choose(select));
    }
    this.part("tone").addEventListener("click", () => void this.playTone());
    this.part("test-connection").addEventListener("click", () => void this.testConnection());
    this.part("again").addEventListener("click", () => void this.tryAgain());
    navigator.mediaDevices?.addEventListener?.("devicechange", () => void this.list());
  }

  /** What there is now, and whether it works. */
  async show(): Promise<void> {
    const preview = this.part<HTMLVideoElement>("preview");
    const picture = this.media.picture;
    const known = preview.srcObject instanceof MediaStream ? preview.srcObject.getTracks()[0] : null;
    if (known !== picture) {
      preview.srcObject = picture === null ? null : new MediaStream([picture]);
    }
    preview.classList.toggle("mirrored", this.media.showing === "");
    this.part("no-preview").hidden = picture !== null;
    this.say("camera-state", this.media.cameraTrouble ?? (picture === null ? "" : "camera_works"));
    this.measure();
    this.offerAgain();
    await this.list();
  }

  /** What the browser refused may be allowed in its address bar; it is asked again on a press only. */
  private offerAgain(): void {
    const troubles = [this.media.cameraTrouble, this.media.microphoneTrouble];
    const box = this.part("blocked");
    const focused = box.contains(document.activeElement);
    box.hidden = !troubles.some((code) => code === "permission" || code === "camera_permission");
    if (box.hidden && focused) {
      this.panel.querySelector<HTMLElement>("#devices-heading")?.focus();
    }
  }

  private async tryAgain(): Promise<void> {
    const button = this.part<HTMLButtonElement>("again");
    button.setAttribute("aria-disabled", "true");
    this.say("camera-state", "");
    this.say("microphone-state", ""); // the same answer is to be read aloud again
    await this.media.start();
    button.removeAttribute("aria-disabled");
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.panel.querySelector<T>(`[data-${name}]`) as T;
  }

  private say(where: string, code: string): void {
    const text = code === "" ? "" : (this.texts[code] ?? "");
    if (this.part(where).textContent !== text) {
      this.part(where).textContent = text;
    }
  }

  private measure(): void {
    const track = this.media.microphone;
    if (track !== this.measured) {
      this.stopLevel?.();
      this.measured = track;
      this.heard = false;
      this.stopLevel =
        track === null ? null : showLevel(new MediaStream([track]), this.part<HTMLMeterElement>("level"));
      clearInterval(this.listening);
      this.listening = window.setInterval(() => this.listen(), 50);
    }
    if (track === null) {
      this.say("microphone-state", this.media.microphoneTrouble ?? "");
    } else if (!this.heard) {
      this.say("microphone-state", "microphone_silent");
    }
  }

  private listening = 0;

  private listen(): void {
    if (this.measured !== null && this.part<HTMLMeterElement>("level").value >= HEARS) {
      this.heard = true;
      this.say("microphone-state", "microphone_works");
      clearInterval(this.listening);
    }
  }

  private async list(): Promise<void> {
    const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
    const used: Record<string, string | undefined> = {
      camera: this.media.picture?.getSettings().deviceId,
      microphone: this.media.microphone?.getSettings().deviceId,
      speaker: this.speaker || "default",
    };
    for (const select of this.panel.querySelectorAll<HTMLSelectElement>("[data-choose]")) {
      const name = select.dataset.choose ?? "";
      const found = all.filter((device) => device.kind === KINDS[name] && device.deviceId !== "");
      const options = found.map((device, place) => {
        const label = device.label || `${this.texts[name] ?? name} ${place + 1}`;
        return new Option(label, device.deviceId, false, device.deviceId === used[name]);
      });
      select.replaceChildren(...options);
      const choice = name !== "speaker" || "setSinkId" in HTMLMediaElement.prototype;
      (select.closest("div") as HTMLElement).classList.toggle("devices__field--one", !choice);
      select.disabled = options.length === 0 || !choice;
    }
  }

  private choose(select: HTMLSelectElement): void {
    if (select.dataset.choose === "camera") {
      void this.media.useCamera(select.value);
    } else if (select.dataset.choose === "microphone") {
      void this.media.useMicrophone(select.value);
    } else {
      this.speaker = select.value;
      this.spoken(select.value);
    }
  }

  private async playTone(): Promise<void> {
    const context = new AudioContext();
    if (this.speaker !== "" && "setSinkId" in context) {
      await (context.setSinkId as (id: string) => Promise<void>)(this.speaker).catch(() => undefined);
    }
    const tone = context.createOscillator();
    const volume = context.createGain();
    const now = context.currentTime;
    volume.gain.setValueAtTime(0.0001, now);
    volume.gain.exponentialRampToValueAtTime(0.3, now + 0.05);
    volume.gain.exponentialRampToValueAtTime(0.0001, now + 1.2);
    tone.frequency.setValueAtTime(523, now);
    tone.frequency.setValueAtTime(659, now + 0.5);
    tone.connect(volume).connect(context.destination);
    tone.onended = () => void context.close();
    tone.start(now);
    tone.stop(now + 1.25);
    this.say("tone-state", "tone_played");
  }

  private async testConnection(): Promise<void> {
    const button = this.part<HTMLButtonElement>("test-connection");
    button.disabled = true;
    this.say("connection-state", "testing");
    const token = document.querySelector<HTMLInputElement>("[name=csrfmiddlewaretoken]");
    const found = await tryConnection(this.ways, this.socket, token?.value ?? "");
    this.say("connection-state", found);
    button.disabled = false;
  }
}
