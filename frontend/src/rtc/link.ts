// One sound connection between two pages. The adviser's page always offers, so that offers never
// cross. "failed" is not the end: a network that comes back often brings the sound with it.
import type { Word } from "./signal";

export interface Way {
  ice: RTCIceServer[];
  relay: boolean;
}

export type Sound = "connecting" | "on" | "lost";

export interface Listener {
  send(word: Word): boolean;
  sound(state: Sound): void;
  stream(stream: MediaStream): void;
}

const PATIENCE = 2_000; // milliseconds before a broken connection is mended
const MEND = 5_000;
const LITTLE = 12_000; // bits a second of sound with a slow connection

export class Link {
  readonly connection: RTCPeerConnection;
  page = ""; // the customer's window that answered
  private round = 0;
  private early: RTCIceCandidateInit[] = [];
  private timer = 0;
  private ended = false;
  private mendedAt = 0;

  constructor(
    way: Way,
    private readonly base: string,
    private readonly listener: Listener,
  ) {
    this.connection = new RTCPeerConnection({
      iceServers: way.ice,
      iceTransportPolicy: way.relay ? "relay" : "all",
    });
    this.connection.onicecandidate = ({ candidate }) => {
      if (candidate !== null) {
        this.listener.send({
          type: "candidate",
          peer: this.base,
          candidate: candidate.candidate,
          mid: candidate.sdpMid,
          line: candidate.sdpMLineIndex,
        });
      }
    };
    this.connection.ontrack = ({ streams, track }) => {
      this.listener.stream(streams[0] ?? new MediaStream([track]));
    };
    this.connection.onconnectionstatechange = () => this.follow();
  }

  get sound(): Sound {
    const state = this.connection.connectionState;
    if (state === "connected") {
      return "on";
    }
    return state === "disconnected" || state === "failed" ? "lost" : "connecting";
  }

  has(peer: string): boolean {
    return peer === this.base || peer.startsWith(`${this.base}-r`);
  }

  // --- the adviser's page
  async call(stream: MediaStream | null): Promise<void> {
    this.add(stream, true);
    await this.offer();
  }

  /** Sought anew over whatever ways there are now; not more often than they can be tried. */
  async mend(): Promise<void> {
    if (this.ended || this.sound === "on" || Date.now() - this.mendedAt < MEND) {
      return;
    }
    this.round += 1;
    await this.offer(true);
  }

  /** The offer may have been lost on its way. */
  repeat(): void {
    const sdp = this.connection.localDescription?.sdp;
    if (sdp !== undefined && this.connection.signalingState === "have-local-offer") {
      this.listener.send({ type: "offer", peer: this.name, sdp });
    }
  }

  async answered(peer: string, sdp: string, page: string): Promise<void> {
    if (peer === this.name && this.connection.signalingState === "have-local-offer") {
      this.page = page;
      await this.connection.setRemoteDescription({ type: "answer", sdp });
      await this.takeEarly();
    }
  }

  // --- the customer's page
  async answer(peer: string, sdp: string, page: string, stream: MediaStream | null): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    this.add(stream, false);
    await this.takeEarly();
    await this.connection.setLocalDescription();
    const answer = this.connection.localDescription?.sdp ?? "";
    this.listener.send({ type: "answer", peer, page, sdp: answer });
  }

  // --- both
  async candidate(candidate: RTCIceCandidateInit): Promise<void> {
    if (this.connection.remoteDescription === null) {
      this.early.push(candidate);
    } else {
      await this.connection.addIceCandidate(candidate).catch(() => undefined); // of an older round
    }
  }

  /** Send little, or as much as is good. */
  async lean(on: boolean): Promise<void> {
    for (const sender of this.connection.getSenders()) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) {
        if (on) {
          encoding.maxBitrate = LITTLE;
        } else {
          delete encoding.maxBitrate;
        }
      }
      if (parameters.encodings.length > 0) {
        await sender.setParameters(parameters).catch(() => undefined);
      }
    }
  }

  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.connection.close();
  }

  private get name(): string {
    return this.round === 0 ? this.base : `${this.base}-r${this.round}`;
  }

  private async offer(restart = false): Promise<void> {
    this.mendedAt = Date.now();
    const offer = await this.connection.createOffer({ iceRestart: restart });
    await this.connection.setLocalDescription(offer);
    const sdp = this.connection.localDescription?.sdp ?? "";
    this.listener.send({ type: "offer", peer: this.name, sdp });
  }

  private add(stream: MediaStream | null, offering: boolean): void {
    const track = stream?.getAudioTracks()[0] ?? null;
    const known = this.connection.getTransceivers()[0];
    if (known === undefined && offering) {
      this.connection.addTransceiver(track ?? "audio", {
        direction: "sendrecv",
        streams: stream === null ? [] : [stream],
      });
    } else if (known !== undefined && known.sender.track === null) {
      known.direction = "sendrecv";
      void known.sender.replaceTrack(track);
    }
  }

  private async takeEarly(): Promise<void> {
    const early = this.early.splice(0);
    for (const candidate of early) {
      await this.candidate(candidate);
    }
  }

  private follow(): void {
    if (this.ended) {
      return;
    }
    this.listener.sound(this.sound);
    clearTimeout(this.timer);
    if (this.sound === "lost") {
      this.timer = window.setTimeout(() => this.stillLost(), PATIENCE);
    }
  }

  private stillLost(): void {
    if (!this.ended && this.sound !== "on") {
      this.listener.sound("lost");
      this.timer = window.setTimeout(() => this.stillLost(), MEND);
    }
  }
}
