// The connection to the signalling: says hello first, comes back by itself, notices silence.

export interface Word {
  type: string;
  [fact: string]: unknown;
}

export interface Ear {
  heard(word: Word): void;
  /** The connection is there, or is being sought again. */
  changed(open: boolean): void;
  /** Not to be sought again: the call is over or goes on elsewhere. */
  closed(): void;
}

const PING = 5_000;
const SILENCE = 12_000;
const HURRY = 3_000;
const SOONEST = 250;
const LATEST = 4_000;
const LAST_CODES = [4404, 4409];

export class Signal {
  private socket: WebSocket | null = null;
  private heardAt = 0;
  private tries = 0;
  private timer = 0;
  private readonly pings: number;
  private over = false;

  constructor(
    private readonly path: string,
    private readonly hello: Word,
    private readonly ear: Ear,
  ) {
    this.pings = window.setInterval(() => this.beat(), PING);
    addEventListener("online", this.now);
    this.connect();
  }

  get open(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && Date.now() - this.heardAt < SILENCE;
  }

  /** False where the word could not be sent now. */
  say(word: Word): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.socket.send(JSON.stringify(word));
    return true;
  }

  /** The network may have changed under us: an answer soon, or another connection. */
  doubt(): void {
    const asked = Date.now();
    const socket = this.socket;
    if (this.say({ type: "ping" })) {
      window.setTimeout(() => {
        if (socket === this.socket && this.heardAt < asked) {
          this.drop();
        }
      }, HURRY);
    }
  }

  stop(): void {
    this.over = true;
    clearInterval(this.pings);
    clearTimeout(this.timer);
    removeEventListener("online", this.now);
    this.socket?.close();
  }

  private readonly now = (): void => {
    this.tries = 0;
    this.drop();
  };

  private connect(): void {
    const address = new URL(this.path, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    this.heardAt = Date.now();
    socket.onopen = () => socket.send(JSON.stringify(this.hello));
    socket.onmessage = (event: MessageEvent<string>) => {
      this.heardAt = Date.now();
      const word = JSON.parse(event.data) as Word;
      if (word.type === "welcome") {
        this.tries = 0;
        this.ear.changed(true);
      }
      if (word.type !== "pong") {
        this.ear.heard(word);
      }
    };
    socket.onclose = (event) => {
      if (socket === this.socket) {
        this.again(event.code);
      }
    };
  }

  private again(code: number): void {
    if (this.over) {
      return;
    }
    if (LAST_CODES.includes(code)) {
      this.stop();
      this.ear.closed();
      return;
    }
    this.ear.changed(false);
    const wait = Math.min(LATEST, SOONEST * 2 ** this.tries) * (0.7 + Math.random() * 0.6);
    this.tries += 1;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.connect(), wait);
  }

  private beat(): void {
    if (this.socket?.readyState === WebSocket.CLOSED || this.over) {
      return;
    }
    if (Date.now() - this.heardAt > SILENCE) {
      this.drop();
    } else {
      this.say({ type: "ping" });
    }
  }

  /** A connection that is silent may never tell that it is dead: leave it, seek another. */
  private drop(): void {
    const old = this.socket;
    this.socket = null;
    old?.close();
    if (!this.over) {
      this.again(0);
    }
  }
}
