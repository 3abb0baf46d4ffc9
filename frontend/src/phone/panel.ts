// What the desk's telephone shows: its state, its buttons, and the outcome to confirm.

const BUTTONS = { calling: ["hang-up", "mute"], over: ["again"], none: [] } as const;
type Mode = keyof typeof BUTTONS;

export class Panel {
  constructor(readonly root: HTMLElement) {}

  part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-phone-${name}]`) as T;
  }

  /** Show the panel with the buttons of a mode; the focus does not fall off a button that goes. */
  show(mode: Mode, text: string, wrong = false): void {
    this.root.hidden = mode === "none";
    const had = document.activeElement;
    for (const button of this.root.querySelectorAll<HTMLElement>("[data-phone-press]")) {
      button.hidden = !(BUTTONS[mode] as readonly string[]).includes(button.dataset.phonePress ?? "");
    }
    const state = this.part("state");
    if (state.textContent !== text) {
      state.textContent = text;
    }
    state.classList.toggle("said--wrong", wrong);
    if (had instanceof HTMLElement && this.root.contains(had) && had.offsetParent === null) {
      this.heading.focus();
    }
  }

  get heading(): HTMLElement {
    return this.root.querySelector("h3") as HTMLElement;
  }

  /** One press that confirms how the call went; without a value, none. */
  propose(value = "", text = ""): void {
    const button = this.part<HTMLButtonElement>("confirm");
    button.hidden = value === "";
    button.value = value;
    button.textContent = text;
    if (value !== "" && (document.activeElement === document.body || this.root.contains(document.activeElement))) {
      button.focus();
    }
  }

  /** Digits may be sent while somebody listens. */
  digits(on: boolean): void {
    const keys = this.part<HTMLDetailsElement>("keys");
    keys.hidden = !on;
    keys.open &&= on;
  }

  muted(on: boolean): void {
    this.root.querySelector('[data-phone-press="mute"]')?.setAttribute("aria-pressed", String(on));
  }
}
