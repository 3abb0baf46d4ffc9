// Lines of text beside a call. A line is kept by its number, so that one sent twice appears once.
import { element } from "../page";
import type { Word } from "./signal";

export interface ChatTexts {
  you: string;
  other: string;
  notSent: string;
}

export interface Line {
  number: number;
  text: string;
  [fact: string]: unknown;
}

/** Whether a line is this page's own, what names it among all, and who wrote it. */
export interface Written {
  own: boolean;
  name: string;
  who: string;
}

/** In a call there are two sides. */
function side(asCustomer: boolean, other: string): (line: Line) => Written {
  return ({ from_customer, number }) => {
    const own = from_customer === asCustomer;
    return { own, name: `${String(from_customer)} ${number}`, who: other };
  };
}

export class Chat {
  private mine = 0;
  private shown = new Set<string>();
  private unsent: string[] = [];
  private readonly lines: HTMLElement;
  private readonly note: HTMLElement;
  private readonly written: (line: Line) => Written;

  constructor(
    part: HTMLElement,
    whose: boolean | ((line: Line) => Written),
    private readonly texts: ChatTexts,
    private readonly send: (word: Word) => boolean,
  ) {
    this.written = typeof whose === "boolean" ? side(whose, texts.other) : whose;
    this.lines = part.querySelector("[data-lines]") as HTMLElement;
    this.note = part.querySelector("[data-chat-note]") as HTMLElement;
    const field = part.querySelector("[data-text]") as HTMLTextAreaElement;
    const form = part.querySelector("[data-write]") as HTMLFormElement;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const text = field.value.trim();
      if (text !== "") {
        this.unsent.push(text);
        field.value = "";
        this.flush();
      }
      field.focus();
    });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
  }

  /** Another contact, or the same one again: what the server has kept. */
  start(lines: Line[], fresh: boolean): void {
    if (fresh) {
      this.mine = 0;
      this.unsent = [];
      this.shown.clear();
      this.lines.replaceChildren();
    }
    lines.forEach((line) => this.add(line));
    this.flush();
  }

  add(line: Line): void {
    const { own, name, who } = this.written(line);
    if (own && line.number === this.mine + 1) {
      this.mine = line.number;
      if (this.unsent[0] === line.text) {
        this.unsent.shift();
      }
    }
    if (!this.shown.has(name)) {
      this.shown.add(name);
      const item = element("p", "", { class: own ? "chat__line chat__line--own" : "chat__line" });
      item.append(
        element("span", own ? this.texts.you : who, { class: "chat__who" }),
        element("span", line.text, { class: "chat__text" }),
      );
      this.lines.append(item);
      this.lines.scrollTop = this.lines.scrollHeight;
    }
    if (own) {
      this.flush();
    }
  }

  /** One line at a time: the next one when the first has been kept. */
  flush(): void {
    const text = this.unsent[0];
    const sent = text === undefined || this.send({ type: "chat", number: this.mine + 1, text });
    this.note.textContent = sent ? "" : this.texts.notSent;
  }
}
