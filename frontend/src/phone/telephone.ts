// The desk's telephone: a press calls, and how the call went is confirmed by one press.
import { canCall, microphone, NoMicrophone } from "../rtc/microphone";
import { type Ears, type End, type Exchange, Line } from "./line";
import type { Panel } from "./panel";
import { NotGiven, ticketFor } from "./ticket";
import { RingBack } from "./tone";

export interface Island extends Exchange {
  proposed: Record<string, string>;
  outcomes: Record<string, string>;
  texts: Record<string, string>;
}

const STILL_HERE = 30_000; // the server keeps a callback for us for three minutes

export class Telephone implements Ears {
  private readonly tone = new RingBack();
  private line: Line | null = null;
  private stream: MediaStream | null = null;
  private of = ""; // whom: "callback 7", "booking 12"
  private number = "";
  private muted = false;
  private alive = 0;

  constructor(
    private readonly panel: Panel,
    private readonly island: Island,
  ) {
    panel.root.addEventListener("click", (event) => this.pressed(event.target as HTMLElement));
    addEventListener("beforeunload", (event) => this.line !== null && event.preventDefault());
    addEventListener("pagehide", () => this.line?.hangUp());
  }

  /** Whom the telephone shows now; empty where nobody. */
  get whom(): string {
    return this.of;
  }

  /** To be called from a press. A call that goes on is not disturbed. */
  async call(of: string): Promise<void> {
    if (this.line !== null) {
      this.panel.heading.focus();
      return;
    }
    this.of = of;
    this.number = "";
    this.tone.allow();
    this.panel.propose();
    this.say("calling");
    this.panel.heading.focus();
    try {
      await this.begin(of);
    } catch (error) {
      if (!(error instanceof NotGiven) && !(error instanceof NoMicrophone)) {
        throw error;
      }
      this.close();
      this.panel.show("over", error instanceof NoMicrophone ? this.text(error.why) : error.message, true);
    }
  }

  /** The call's row has gone from the page: an outcome was pressed, or somebody else goes on. */
  drop(): void {
    const had = this.panel.root.contains(document.activeElement);
    this.of = "";
    this.line?.hangUp();
    this.panel.propose();
    this.panel.show("none", "");
    if (had) {
      document.getElementById("desk-top")?.focus();
    }
  }

  ringing(early: boolean): void {
    this.say("ringing");
    if (early) {
      this.tone.stop(); // the network sends its own
    } else {
      this.tone.start();
    }
  }

  talking(): void {
    this.tone.stop();
    this.panel.digits(true);
    this.say("talking");
  }

  flowing(on: boolean): void {
    this.say(on ? "talking" : "weak", !on);
  }

  sound(stream: MediaStream): void {
    const audio = this.panel.part<HTMLAudioElement>("sound");
    audio.srcObject = stream;
    void audio.play().catch(() => undefined);
  }

  over(end: End): void {
    this.close();
    if (this.of === "") {
      return;
    }
    const outcome = "status" in end ? (this.island.proposed[end.status] ?? "") : "";
    const broken = "broken" in end ? end.broken : end.status === 403 ? "refused" : "failed";
    this.panel.show("over", this.text(`end_${outcome === "" ? broken : outcome}`), outcome === "");
    const [kind, attempt] = this.of.split(" ");
    if (kind === "callback" && outcome !== "") {
      const named = this.island.outcomes[outcome] ?? "";
      this.panel.propose(`${outcome} ${attempt}`, this.text("confirm").replace("{outcome}", named));
    }
  }

  private async begin(of: string): Promise<void> {
    if (!canCall()) {
      throw new NoMicrophone("no_webrtc");
    }
    const address = this.panel.root.dataset.ticket ?? "";
    const said = { signedOut: this.text("signed_out"), offline: this.text("offline") };
    const stream = await microphone();
    const ticket = await ticketFor(of, address, said).catch((error: unknown) => {
      silence(stream);
      throw error;
    });
    if (this.of !== of) {
      silence(stream); // closed while the browser asked for the microphone
      return;
    }
    this.stream = stream;
    this.number = ticket.number;
    this.muted = false;
    this.panel.muted(false);
    this.say("calling");
    this.line = new Line(this.island, ticket, stream, this);
    // A page in the background is not looked after by the desk's own looks.
    this.alive = window.setInterval(() => void fetch(location.href).catch(() => undefined), STILL_HERE);
  }

  private close(): void {
    clearInterval(this.alive);
    this.tone.stop();
    this.panel.digits(false);
    this.line = null;
    silence(this.stream);
    this.stream = null;
  }

  private say(name: string, wrong = false): void {
    this.panel.show("calling", this.text(name).replace("{number}", this.number), wrong);
  }

  private text(name: string): string {
    return this.island.texts[name] ?? "";
  }

  private pressed(target: HTMLElement): void {
    const digit = target.closest<HTMLElement>("[data-phone-digit]")?.dataset.phoneDigit;
    const what = target.closest<HTMLElement>("[data-phone-press]")?.dataset.phonePress;
    if (digit !== undefined) {
      this.line?.digit(digit);
    } else if (what === "hang-up") {
      this.line?.hangUp();
    } else if (what === "again") {
      void this.call(this.of);
    } else if (what === "mute") {
      this.muted = !this.muted;
      this.line?.mute(this.muted);
      this.panel.muted(this.muted);
    }
  }
}

/** The microphone's light goes out. */
function silence(stream: MediaStream | null): void {
  stream?.getTracks().forEach((track) => track.stop());
}
