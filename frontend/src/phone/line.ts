// One call over SIP: a ticket in, a voice out, and at the end how it went.
import JsSIP from "jssip";
import type { RTCSession } from "jssip/lib/RTCSession";

/** How pages reach the telephone server, and as whom they call. */
export interface Exchange {
  socket: string;
  domain: string;
  caller: string;
  ringSeconds: number;
}

/** The server's leave to call one number, once. */
export interface Ticket {
  number: string;
  name: string;
  password: string;
  ice: RTCIceServer[];
}

/** `status` as SIP has it (RFC 3261), 200 where the call was answered; else what broke. */
export type End = { status: number } | { broken: "no_server" | "lost" | "failed" };

export interface Ears {
  /** `early`: the network sends its own tone. */
  ringing(early: boolean): void;
  talking(): void;
  sound(stream: MediaStream): void;
  flowing(on: boolean): void;
  over(end: End): void;
}

const SERVER_PATIENCE = 6_000;
const GATHERING = 200; // milliseconds after the last candidate; the other end learns our address
const GATHERING_RELAY = 1_000;
const WATCH = 1_000;
const SILENT = 4; // looks without a packet
const GONE = 30; // then the other end has heard nothing either

export class Line {
  private readonly agent: JsSIP.UA;
  private session: RTCSession | null = null;
  private answered = false;
  private done = false;
  private timers: number[] = [];
  private gathering = 0;
  private ringing = 0;
  private heard = 0;
  private silent = 0;

  constructor(
    exchange: Exchange,
    private readonly ticket: Ticket,
    private readonly microphone: MediaStream,
    private readonly ears: Ears,
  ) {
    const socket = new JsSIP.WebSocketInterface(exchange.socket);
    // The web server's proxy ends TLS; the telephone server sees a plain WebSocket.
    socket.via_transport = "ws";
    this.agent = new JsSIP.UA({
      sockets: [socket],
      uri: `sip:${exchange.caller}@${exchange.domain}`,
      authorization_user: ticket.name,
      password: ticket.password,
      register: false,
      session_timers: false,
    });
    this.agent.on("connected", () => this.call(exchange));
    // The telephone server ends the call of a page that it has lost.
    this.agent.on("disconnected", () => this.finish({ broken: this.session === null ? "no_server" : "lost" }));
    this.timers.push(
      window.setTimeout(() => this.session === null && this.finish({ broken: "no_server" }), SERVER_PATIENCE),
    );
    this.agent.start();
  }

  hangUp(): void {
    if (this.session === null || this.session.isEnded()) {
      this.finish({ status: 487 });
    } else {
      this.session.terminate();
    }
  }

  mute(on: boolean): void {
    for (const track of this.microphone.getAudioTracks()) {
      track.enabled = !on;
    }
  }

  digit(key: string): void {
    const sender = this.session?.connection.getSenders().find((each) => each.dtmf !== null);
    if (sender?.dtmf?.canInsertDTMF === true) {
      sender.dtmf.insertDTMF(key, 160, 70); // in the sound's own stream, RFC 4733
    }
  }

  private call(exchange: Exchange): void {
    if (this.session !== null || this.done) {
      return;
    }
    const session = this.agent.call(`sip:${this.ticket.number}@${exchange.domain}`, {
      mediaStream: this.microphone,
      pcConfig: { iceServers: this.ticket.ice },
    });
    this.session = session;
    session.connection.addEventListener("track", (event) => {
      this.ears.sound(event.streams[0] ?? new MediaStream([event.track]));
    });
    const wait = this.ticket.ice.length > 0 ? GATHERING_RELAY : GATHERING;
    session.on("icecandidate", (event: { ready: () => void }) => {
      clearTimeout(this.gathering);
      this.gathering = window.setTimeout(() => event.ready(), wait);
    });
    session.on("progress", (event: { response?: { body?: string } }) => {
      this.startRinging(exchange.ringSeconds);
      this.ears.ringing(Boolean(event.response?.body));
    });
    session.on("confirmed", () => this.talk());
    session.on("ended", () => this.finish({ status: 200 }));
    session.on("failed", (event) => {
      const status = (event.message as { status_code?: number } | null)?.status_code;
      const canceled = event.cause === JsSIP.C.causes.CANCELED || event.cause === JsSIP.C.causes.NO_ANSWER;
      this.finish(status !== undefined ? { status } : canceled ? { status: 487 } : { broken: "failed" });
    });
  }

  private startRinging(seconds: number): void {
    if (this.ringing === 0) {
      this.ringing = window.setTimeout(() => !this.answered && this.hangUp(), seconds * 1_000);
      this.timers.push(this.ringing);
    }
  }

  private talk(): void {
    this.answered = true;
    this.ears.talking();
    this.timers.push(window.setInterval(() => void this.look(), WATCH));
  }

  /** Whether sound still comes. Silence on the line is packets too. */
  private async look(): Promise<void> {
    let packets = 0;
    for (const each of (await this.session?.connection.getStats())?.values() ?? []) {
      packets += each.type === "inbound-rtp" ? each.packetsReceived : 0;
    }
    this.silent = packets > this.heard ? 0 : this.silent + 1;
    this.heard = packets;
    this.ears.flowing(this.silent < SILENT);
    if (this.silent >= GONE && !this.done) {
      this.finish({ broken: "lost" });
    }
  }

  private finish(end: End): void {
    if (this.done) {
      return;
    }
    this.done = true;
    clearTimeout(this.gathering);
    this.timers.forEach((timer) => clearTimeout(timer));
    this.agent.stop(); // ends what still goes on
    this.ears.over(end);
  }
}
