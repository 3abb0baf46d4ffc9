// Connections to everybody else in the meeting, each to each: up to five. The lower seat offers.
import { Link, type Most, type Sound, type Way } from "../rtc/link";
import type { Word } from "../rtc/signal";
import type { Media } from "./media";

export interface Person {
  number: number;
  role: string;
  label: string;
  away: boolean;
}

export interface Listener {
  send(word: Word): boolean;
  state(number: number, state: Sound): void;
  stream(number: number, stream: MediaStream): void;
  /** Nothing has come through for so long. */
  silent(number: number): void;
  gone(number: number): void;
}

const NO_MEDIA = 15_000;
const AGAIN = [4_000, 4_000, 9_000, 14_000]; // milliseconds between two tries to mend
const VOICE = 32_000;
const LEAN_VOICE = 12_000;

/** What one picture may cost, by how many others there are: each is sent to all of them. */
export function most(others: number, showing: boolean): Most {
  if (showing) {
    return { bitrate: others > 2 ? 800_000 : 1_500_000, framesPerSecond: others > 2 ? 6 : 12 };
  }
  if (others > 3) {
    return { bitrate: 120_000, smaller: 2, framesPerSecond: 10 };
  }
  if (others > 2) {
    return { bitrate: 200_000, smaller: 2, framesPerSecond: 15 };
  }
  return { bitrate: others === 2 ? 500_000 : 900_000, smaller: 1, framesPerSecond: 24 };
}

export class Peers {
  way: Way = { ice: [], relay: false };
  me = 0;
  lean = false; // this page wants and sends sound only
  private page = newName();
  private readonly links = new Map<number, Link>();
  private readonly leans = new Set<number>(); // others who want sound only
  private readonly timers = new Map<number, number>();
  private readonly tries = new Map<number, { count: number; next: number }>();

  constructor(
    private readonly media: Media,
    private readonly listener: Listener,
  ) {}

  /** Who is inside now, from the server: connections begin and end by that alone. */
  update(me: number, people: Person[]): void {
    this.me = me;
    const there = new Set(people.map((person) => person.number));
    for (const number of [...this.links.keys()].filter((known) => !there.has(known))) {
      this.drop(number);
    }
    for (const { number } of people) {
      if (!this.links.has(number) && !this.timers.has(number)) {
        this.watch(number);
        if (me < number) {
          void this.call(number);
        } else {
          this.here(number, false);
        }
      }
    }
    void this.fit();
  }

  /** The signalling is back: what was said meanwhile may be lost. */
  again(): void {
    for (const [number, link] of this.links) {
      if (this.me < number) {
        link.repeat();
      } else {
        this.here(number, link.sound === "lost");
      }
    }
    for (const number of this.timers.keys()) {
      if (this.me > number && !this.links.has(number)) {
        this.here(number, false);
      }
    }
  }

  async hear(word: Word): Promise<void> {
    const from = Number(word.from);
    const link = this.links.get(from);
    const peer = String(word.peer);
    if (word.type === "here") {
      await this.answeringIs(from, String(word.page), word.lost === true);
    } else if (word.type === "offer") {
      await this.offered(from, peer, String(word.sdp));
    } else if (word.type === "answer") {
      await link?.answered(peer, String(word.sdp), String(word.page ?? ""));
      await this.fit();
    } else if (word.type === "candidate" && link?.has(peer) === true) {
      await link.candidate({
        candidate: String(word.candidate),
        sdpMid: word.mid as string | null,
        sdpMLineIndex: word.line as number | null,
      });
    } else if (word.type === "me") {
      this.leans[word.lean === true ? "add" : "delete"](from);
      await this.fit();
    }
  }

  async replace(kind: "audio" | "video", track: MediaStreamTrack | null): Promise<void> {
    const sent = kind === "video" && this.lean && this.media.showing === "" ? null : track;
    await Promise.all([...this.links.values()].map((link) => link.replace(kind, sent)));
    await this.fit();
  }

  async setLean(on: boolean): Promise<void> {
    this.lean = on;
    await this.replace("video", this.media.picture);
  }

  close(): void {
    [...this.links.keys()].forEach((number) => this.drop(number));
    this.timers.forEach((timer) => clearTimeout(timer));
    this.timers.clear();
    this.page = newName(); // who comes back is called anew
  }

  /** As much picture and sound as so many connections bear. */
  private async fit(): Promise<void> {
    const picture = most(this.links.size, this.media.showing !== "");
    for (const [number, link] of this.links) {
      const none = this.leans.has(number);
      await link.limit("video", none ? { bitrate: 0 } : picture);
      await link.limit("audio", { bitrate: none || this.lean ? LEAN_VOICE : VOICE });
    }
  }

  private tracks(): { audio: MediaStreamTrack | null; video: MediaStreamTrack | null } {
    const hidden = this.lean && this.media.showing === "";
    return { audio: this.media.microphone, video: hidden ? null : this.media.picture };
  }

  private here(number: number, lost: boolean): void {
    this.listener.send({ type: "here", to: number, page: this.page, lost });
  }

  private async call(number: number): Promise<void> {
    const link = this.link(number, newName());
    await link.call(this.tracks());
    await this.refresh(link);
  }

  /** A camera that was allowed while the connection was being agreed on. */
  private async refresh(link: Link): Promise<void> {
    await link.replace("audio", this.tracks().audio);
    await link.replace("video", this.tracks().video); // as it is now: it may be off again
  }

  /** A window of the other side that we do not know yet needs a connection of its own. */
  private async answeringIs(number: number, page: string, lost: boolean): Promise<void> {
    const link = this.links.get(number);
    if (!this.timers.has(number) || this.me > number) {
      return;
    }
    if (link === undefined || (link.page !== "" && link.page !== page)) {
      await this.call(number);
    } else if (link.page === "") {
      link.repeat();
    } else if (lost) {
      await link.mend(true);
    }
  }

  private async offered(number: number, peer: string, sdp: string): Promise<void> {
    let link = this.links.get(number);
    if (link === undefined || !link.has(peer)) {
      link = this.link(number, peer);
    }
    await link.answer(peer, sdp, this.page, this.tracks());
    await this.refresh(link);
    await this.fit();
  }

  private link(number: number, base: string): Link {
    this.links.get(number)?.close();
    const made: Link = new Link(this.way, base, {
      send: (word) => this.listener.send({ ...word, to: number }),
      sound: (state) => this.follow(number, made, state),
      stream: (stream) => this.listener.stream(number, stream),
    });
    this.links.set(number, made);
    this.watch(number);
    return made;
  }

  private follow(number: number, link: Link, state: Sound): void {
    if (this.links.get(number) !== link) {
      return;
    }
    this.listener.state(number, state);
    if (state === "on") {
      clearTimeout(this.timers.get(number));
      this.tries.delete(number);
    } else if (state === "lost" && this.mayTry(number)) {
      if (this.me < number) {
        void link.mend();
      } else {
        this.here(number, true);
      }
    }
  }

  /** Sooner at first, then seldom: a device that is too busy to be heard is not helped by more. */
  private mayTry(number: number): boolean {
    const { count, next } = this.tries.get(number) ?? { count: 0, next: 0 };
    if (Date.now() < next) {
      return false;
    }
    const wait = AGAIN[Math.min(count, AGAIN.length - 1)] ?? 0;
    this.tries.set(number, { count: count + 1, next: Date.now() + wait });
    return true;
  }

  private watch(number: number): void {
    clearTimeout(this.timers.get(number));
    const timer = window.setTimeout(() => {
      if (this.links.get(number)?.sound !== "on") {
        this.listener.silent(number);
      }
    }, NO_MEDIA);
    this.timers.set(number, timer);
  }

  private drop(number: number): void {
    this.links.get(number)?.close();
    this.links.delete(number);
    this.leans.delete(number);
    this.tries.delete(number);
    clearTimeout(this.timers.get(number));
    this.timers.delete(number);
    this.listener.gone(number);
  }
}

function newName(): string {
  return crypto.getRandomValues(new Uint32Array(2)).join("-").padStart(8, "0");
}
