// What this person says, as text for the others. Only where the browser itself recognises speech on
// this device: speech of customers is never sent to a browser's maker.

interface Recognition extends EventTarget {
  lang: string;
  continuous: boolean;
  interimResults: boolean;
  processLocally: boolean;
  start(): void;
  stop(): void;
  onresult: ((event: Heard) => void) | null;
  onend: (() => void) | null;
  onerror: ((event: { error: string }) => void) | null;
}

interface Heard {
  resultIndex: number;
  results: ArrayLike<ArrayLike<{ transcript: string }> & { isFinal: boolean }>;
}

interface Kind {
  new (): Recognition;
  available?(wanted: object): Promise<string>;
  install?(wanted: object): Promise<boolean>;
}

const LOCALES: Record<string, string> = { fi: "fi-FI", sv: "sv-SE", en: "en-US" };
const MOST = 300;
const SHOWN = 3;
const STAYS = 8_000;

function kind(): Kind | undefined {
  return (window as unknown as { SpeechRecognition?: Kind }).SpeechRecognition;
}

export class Captions {
  on = false;
  private recognition: Recognition | null = null;
  private readonly wanted: { langs: string[]; processLocally: true };

  constructor(
    language: string,
    private readonly spoken: (text: string, final: boolean) => void,
  ) {
    this.wanted = { langs: [LOCALES[language] ?? language], processLocally: true };
  }

  /** Whether this browser can do it on the device: now, or after loading what it needs. */
  async possible(): Promise<boolean> {
    try {
      const found = await kind()?.available?.(this.wanted);
      return found === "available" || found === "downloadable" || found === "downloading";
    } catch {
      return false;
    }
  }

  async start(): Promise<boolean> {
    const Kind = kind();
    if (Kind === undefined || (await Kind.available?.(this.wanted)) === "unavailable") {
      return false;
    }
    if ((await Kind.available?.(this.wanted)) !== "available" && !(await Kind.install?.(this.wanted))) {
      return false;
    }
    const made = new Kind();
    if (!("processLocally" in made)) {
      return false; // an older one would send the sound away
    }
    made.processLocally = true;
    made.lang = this.wanted.langs[0] ?? "";
    made.continuous = made.interimResults = true;
    made.onresult = (event) => this.heard(event);
    made.onend = () => {
      if (this.on) {
        made.start(); // browsers stop after a silence
      }
    };
    made.onerror = ({ error }) => {
      this.on = this.on && !["not-allowed", "language-not-supported"].includes(error);
    };
    this.on = true;
    this.recognition = made;
    made.start();
    return true;
  }

  stop(): void {
    this.on = false;
    this.recognition?.stop();
    this.recognition = null;
  }

  private heard(event: Heard): void {
    for (let place = event.resultIndex; place < event.results.length; place += 1) {
      const result = event.results[place];
      const text = result?.[0]?.transcript.trim() ?? "";
      if (text !== "") {
        this.spoken(text.slice(-MOST), result?.isFinal === true);
      }
    }
  }
}

/** The last lines of everybody, under the pictures. */
export class CaptionLines {
  private readonly open = new Map<string, HTMLElement>();

  constructor(private readonly box: HTMLElement) {}

  add(who: string, text: string, final: boolean): void {
    let line = this.open.get(who);
    if (line === undefined) {
      line = document.createElement("p");
      this.open.set(who, line);
      this.box.append(line);
    }
    line.textContent = `${who}: ${text}`;
    if (final) {
      const done = line;
      this.open.delete(who);
      setTimeout(() => this.drop(done), STAYS);
    }
    while (this.box.children.length > SHOWN) {
      this.drop(this.box.firstElementChild as HTMLElement);
    }
    this.box.hidden = false;
  }

  private drop(line: HTMLElement): void {
    line.remove();
    for (const [who, open] of this.open) {
      if (open === line) {
        this.open.delete(who);
      }
    }
    this.box.hidden = this.box.children.length === 0;
  }
}
