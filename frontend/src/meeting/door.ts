// What only the adviser has: who is at the door, who is here, and the notes.
import { element } from "../page";
import type { Word } from "../rtc/signal";
import { chime } from "../sound";
import type { Texts } from "./devices";
import type { Person } from "./peers";

export interface AtDoor {
  waiting: Person[];
  expected: Person[];
  people: Person[];
}

const TYPING = 800;

export class Door {
  private knocked = new Set<number>();
  private unsaved = false;
  private typing = 0;
  private readonly notes: HTMLTextAreaElement;

  constructor(
    private readonly root: HTMLElement,
    private readonly texts: Texts,
    private readonly name: (person: Person) => string,
    private readonly send: (word: Word) => boolean,
  ) {
    this.notes = this.part<HTMLTextAreaElement>("notes");
    this.notes.addEventListener("input", () => {
      this.unsaved = true;
      clearTimeout(this.typing);
      this.typing = window.setTimeout(() => this.flush(), TYPING);
    });
    root.addEventListener("click", (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>("[data-seat-verb]");
      if (button !== null) {
        this.send({ type: button.dataset.seatVerb ?? "", number: Number(button.dataset.number) });
      }
    });
  }

  show(now: AtDoor): void {
    const here = now.waiting.filter((person) => !person.away);
    const news = here.filter((person) => !this.knocked.has(person.number));
    this.knocked = new Set(here.map((person) => person.number));
    if (news.length > 0) {
      chime();
      this.part("knock").textContent = news.map((person) => this.say("knocks", person)).join(" ");
    }
    this.fill(this.part("waiting"), here, (person) => [
      this.line(person, "waits"),
      this.button("admit", person, "hds-button hds-button--primary"),
      this.button("refuse", person, "hds-button hds-button--secondary"),
    ]);
    this.part("door").hidden = here.length === 0;
    const inside = now.people.map((person) => ({ person, verb: "remove", what: "inside" }));
    const waiting = now.waiting.map((person) => ({ person, verb: "", what: "waits" }));
    const expected = now.expected.map((person) => ({ person, verb: "remove", what: "expected" }));
    const all = [...inside, ...waiting, ...expected].filter(({ person }) => person.role !== "adviser");
    this.fill(this.part("people"), all, ({ person, verb, what }) => [
      this.line(person, what),
      ...(verb === "" ? [] : [this.button(verb, person, "people__out", what === "expected")]),
    ]);
  }

  flush(): boolean {
    clearTimeout(this.typing);
    if (!this.unsaved) {
      return true;
    }
    const sent = this.send({ type: "notes", text: this.notes.value });
    this.unsaved = !sent;
    this.part("notes-status").textContent = sent ? "" : (this.texts.unsaved ?? "");
    return sent;
  }

  noted(): void {
    this.part("notes-status").textContent = this.unsaved ? "" : (this.texts.saved ?? "");
  }

  get waits(): boolean {
    return this.unsaved;
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.root.querySelector<T>(`[data-${name}]`) as T;
  }

  private say(text: string, person: Person): string {
    return (this.texts[text] ?? "").replace("{name}", this.name(person));
  }

  private line(person: Person, what: string): HTMLElement {
    const line = element("span", "", { class: "people__who" });
    line.append(
      element("strong", this.name(person)),
      element("span", ` ${this.texts[what] ?? ""}`, { class: "soft" }),
    );
    return line;
  }

  private button(verb: string, person: Person, look: string, back = false): HTMLElement {
    const text = this.say(back ? "withdraw" : verb, person);
    const made = element("button", text, { type: "button", class: look });
    made.dataset.seatVerb = verb;
    made.dataset.number = String(person.number);
    return made;
  }

  /** Made anew only where something has changed, so that a button keeps the focus. */
  private fill<T>(list: HTMLElement, all: T[], parts: (one: T) => HTMLElement[]): void {
    const items = all.map((one) => {
      const item = document.createElement("li");
      item.append(...parts(one));
      return item;
    });
    const fresh = items.map((item) => item.outerHTML).join("");
    if (list.innerHTML !== fresh) {
      const had = list.contains(document.activeElement);
      list.replaceChildren(...items);
      if (had) {
        (list.querySelector("button") ?? this.root.querySelector<HTMLElement>("h2"))?.focus();
      }
    }
  }
}
