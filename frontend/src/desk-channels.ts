// What the adviser takes: remembered in this browser, and told to the server when it changes.

const KEPT = "palveluverkko-desk-channels";

export class Channels {
  private readonly boxes: HTMLInputElement[];
  private readonly status: HTMLElement | null;

  constructor(
    root: HTMLElement,
    private readonly none: string,
    private readonly tell: (chosen: string[]) => void,
  ) {
    this.boxes = [...root.querySelectorAll<HTMLInputElement>("[data-channel]")];
    this.status = root.querySelector("[data-channels-status]");
    const kept = localStorage.getItem(KEPT);
    if (kept !== null) {
      this.check(kept.split(" "));
    }
    for (const box of this.boxes) {
      box.addEventListener("change", () => this.changed());
    }
  }

  get chosen(): string[] {
    return this.boxes.filter((box) => box.checked).map((box) => box.value);
  }

  /** False, and said, where nothing is chosen. */
  some(): boolean {
    const any = this.chosen.length > 0;
    if (this.status !== null) {
      this.status.textContent = any ? "" : this.none;
    }
    return any;
  }

  /** What the server has; nothing for who is not at work. */
  follow(channels: string[] | null): void {
    if (channels !== null && channels !== undefined && channels.length > 0 && this.chosen.length > 0) {
      this.check(channels);
    }
  }

  private changed(): void {
    if (this.some()) {
      localStorage.setItem(KEPT, this.chosen.join(" "));
      this.tell(this.chosen);
    }
  }

  private check(channels: string[]): void {
    for (const box of this.boxes) {
      box.checked = channels.includes(box.value);
    }
  }
}
