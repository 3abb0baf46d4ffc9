// One connection between two pages, with sound and, in meetings, a picture. One side always offers,
// so that offers never cross. "failed" is not the end: a network that comes back often brings the
// sound with it. Both kinds are agreed on from the start, also where there is nothing to send yet:
// another camera, a screen or nothing is only another track.
import { Pulse } from "./pulse";
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

/** What this page sends: null is nothing for now. A kind that is not named is not agreed on. */
export interface Tracks {
  audio: MediaStreamTrack | null;
  video?: MediaStreamTrack | null;
}

export interface Most {
  /** Bits a second; none of it is sent where it is 0. */
  bitrate?: number;
  /** The picture's sides are divided by this. */
  smaller?: number;
  framesPerSecond?: number;
}

export function soundOf(stream: MediaStream | null): Tracks {
  return { audio: stream?.getAudioTracks()[0] ?? null };
}

const PATIENCE = 2_000; // milliseconds before a broken connection is mended
const MEND = 5_000;
const LITTLE = 12_000; // bits a second of sound with a slow connection

export class Link {
  readonly connection: RTCPeerConnection;
  page = ""; // the window that answered
  private readonly remote = new MediaStream();
  private round = 0;
  private early: RTCIceCandidateInit[] = [];
  private timer = 0;
  private ended = false;
  private mendedAt = 0;
  private readonly pulse: Pulse;

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
    this.connection.ontrack = ({ track }) => {
      this.remote.addTrack(track);
      this.listener.stream(this.remote);
    };
    this.connection.onconnectionstatechange = () => this.follow();
    this.pulse = new Pulse(this.connection, () => this.follow());
  }

  get sound(): Sound {
    const state = this.connection.connectionState;
    if (state === "connected") {
      return this.pulse.alive ? "on" : "lost";
    }
    return state === "disconnected" || state === "failed" ? "lost" : "connecting";
  }

  has(peer: string): boolean {
    return peer === this.base || peer.startsWith(`${this.base}-r`);
  }

  // --- who offers
  async call(tracks: Tracks): Promise<void> {
    for (const [kind, track] of Object.entries(tracks) as [string, MediaStreamTrack | null][]) {
      this.connection.addTransceiver(track ?? kind, { direction: "sendrecv" });
    }
    await this.offer();
  }

  /** Sought anew over whatever ways there are now; not more often than they can be tried.
   *  ``asked``: by the other side, which hears nothing, whatever this one hears. */
  async mend(asked = false): Promise<void> {
    const needed = asked || this.sound !== "on";
    if (this.ended || !needed || Date.now() - this.mendedAt < MEND) {
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

  // --- who answers
  async answer(peer: string, sdp: string, page: string, tracks: Tracks): Promise<void> {
    await this.connection.setRemoteDescription({ type: "offer", sdp });
    for (const each of this.connection.getTransceivers()) {
      const track = each.receiver.track.kind === "audio" ? tracks.audio : tracks.video;
      each.direction = "sendrecv";
      if (each.sender.track === null) {
        await each.sender.replaceTrack(track ?? null);
      }
    }
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

  /** Send something else, or nothing, without asking the other side. */
  async replace(kind: "audio" | "video", track: MediaStreamTrack | null): Promise<void> {
    for (const sender of this.senders(kind)) {
      await sender.replaceTrack(track);
    }
  }

  /** Send little, or as much as is good. */
  async lean(on: boolean): Promise<void> {
    await this.limit("audio", on ? { bitrate: LITTLE } : {});
  }

  /** Send at most this of one kind. */
  async limit(kind: "audio" | "video", most: Most): Promise<void> {
    for (const sender of this.senders(kind)) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) {
        encoding.active = most.bitrate !== 0;
        set(encoding, "maxBitrate", most.bitrate || undefined);
        set(encoding, "scaleResolutionDownBy", most.smaller);
        set(encoding, "maxFramerate", most.framesPerSecond);
      }
      if (parameters.encodings.length > 0) {
        await sender.setParameters(parameters).catch(() => undefined);
      }
    }
  }

  close(): void {
    this.ended = true;
    clearTimeout(this.timer);
    this.pulse.stop();
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

  private senders(kind: string): RTCRtpSender[] {
    const all = this.connection.getTransceivers();
    return all.filter((each) => each.receiver.track.kind === kind).map((each) => each.sender);
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

function set<K extends keyof RTCRtpEncodingParameters>(
  encoding: RTCRtpEncodingParameters,
  name: K,
  value: RTCRtpEncodingParameters[K] | undefined,
): void {
  if (value === undefined) {
    delete encoding[name];
  } else {
    encoding[name] = value;
  }
}
