// This page's camera, microphone and what it shows instead. "Off" lets the camera go, light and all;
// a microphone that is off stays open, so that the first word is not lost when it is on again.

export type Showing = "" | "screen" | "document";

/** Names of texts: why there is no camera or microphone. */
export type Trouble =
  | "no_webrtc"
  | "no_camera"
  | "camera_permission"
  | "busy_camera"
  | "no_microphone"
  | "permission"
  | "busy_microphone";

export interface Listener {
  /** Another track goes out from now on. */
  track(kind: "audio" | "video", track: MediaStreamTrack | null): void;
  changed(): void;
}

const FACE: MediaTrackConstraints = {
  width: { ideal: 640 },
  height: { ideal: 480 },
  frameRate: { ideal: 24, max: 30 },
};
const PAPER: MediaTrackConstraints = {
  width: { ideal: 1920 },
  height: { ideal: 1080 },
  frameRate: { ideal: 10, max: 15 },
};
const VOICE: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

export class Media {
  microphone: MediaStreamTrack | null = null;
  microphoneOn = true;
  cameraOn = true;
  showing: Showing = "";
  cameraTrouble: Trouble | null = null;
  microphoneTrouble: Trouble | null = null;
  private camera: MediaStreamTrack | null = null;
  private shown: MediaStreamTrack | null = null;
  private cameraId = "";

  constructor(private readonly listener: Listener) {}

  /** What goes out as a picture. */
  get picture(): MediaStreamTrack | null {
    return this.shown ?? this.camera;
  }

  /** Both are asked for at once, so that there is one question; then each alone. */
  async start(): Promise<void> {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (devices === undefined || !("RTCPeerConnection" in window)) {
      this.cameraTrouble = this.microphoneTrouble = "no_webrtc"; // old, or a page without TLS
      this.listener.changed();
      return;
    }
    try {
      const both = await devices.getUserMedia({ audio: VOICE, video: FACE });
      this.takeMicrophone(both.getAudioTracks()[0] ?? null);
      this.takeCamera(both.getVideoTracks()[0] ?? null);
      this.microphoneTrouble = this.cameraTrouble = null; // it may have been refused before
    } catch {
      await this.useMicrophone("");
      await this.useCamera("");
    }
    this.listener.changed();
  }

  /** With no name: whichever the browser would take. */
  async useMicrophone(id: string): Promise<void> {
    try {
      const audio = { ...VOICE, ...(id === "" ? {} : { deviceId: { exact: id } }) };
      const stream = await navigator.mediaDevices.getUserMedia({ audio });
      this.microphoneTrouble = null;
      this.takeMicrophone(stream.getAudioTracks()[0] ?? null);
    } catch (error) {
      this.microphoneTrouble = why(error, "permission", "busy_microphone", "no_microphone");
    }
    this.listener.changed();
  }

  async useCamera(id: string): Promise<void> {
    this.camera?.stop(); // many phones open one camera at a time
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: named(FACE, id) });
      this.cameraTrouble = null;
      this.cameraOn = true;
      this.cameraId = id;
      this.takeCamera(stream.getVideoTracks()[0] ?? null);
    } catch (error) {
      this.cameraTrouble = why(error, "camera_permission", "busy_camera", "no_camera");
      this.takeCamera(null);
    }
    this.listener.changed();
  }

  setMicrophone(on: boolean): void {
    this.microphoneOn = on;
    if (this.microphone !== null) {
      this.microphone.enabled = on;
    }
    this.listener.changed();
  }

  async setCamera(on: boolean): Promise<void> {
    this.cameraOn = on;
    if (on) {
      await this.useCamera(this.cameraId);
    } else {
      this.camera?.stop();
      this.takeCamera(null);
      this.listener.changed();
    }
  }

  /** False where the browser, or the person, did not allow it. */
  async showScreen(): Promise<boolean> {
    try {
      const stream = await navigator.mediaDevices.getDisplayMedia({
        video: { frameRate: { ideal: 10, max: 15 } },
        audio: false,
      });
      this.show("screen", stream.getVideoTracks()[0] ?? null);
      return this.shown !== null;
    } catch {
      return false;
    }
  }

  /** The camera on the back of a phone, else another camera, else the same one, sharper. */
  async showDocument(): Promise<boolean> {
    const other = await this.otherCamera();
    const had = this.camera;
    had?.stop();
    try {
      const wanted: MediaTrackConstraints =
        other === null ? { facingMode: { ideal: "environment" } } : { deviceId: { exact: other } };
      const stream = await navigator.mediaDevices.getUserMedia({ video: { ...PAPER, ...wanted } });
      this.show("document", stream.getVideoTracks()[0] ?? null);
      return this.shown !== null;
    } catch (error) {
      this.cameraTrouble = why(error, "camera_permission", "busy_camera", "no_camera");
      if (had !== null) {
        await this.useCamera(this.cameraId);
      }
      return false;
    }
  }

  async stopShowing(): Promise<void> {
    const was = this.showing;
    this.shown?.stop();
    this.shown = null;
    this.showing = "";
    if (was === "document" && this.cameraOn) {
      await this.useCamera(this.cameraId); // it was let go for the document
    } else {
      this.listener.track("video", this.picture);
    }
    this.listener.changed();
  }

  /** Everything is let go; nothing is asked for again. */
  stop(): void {
    [this.microphone, this.camera, this.shown].forEach((track) => track?.stop());
    this.microphone = this.camera = this.shown = null;
    this.showing = "";
  }

  private show(what: Showing, track: MediaStreamTrack | null): void {
    if (track === null) {
      return;
    }
    this.shown?.stop();
    this.shown = track;
    this.showing = what;
    track.contentHint = "detail"; // letters matter more than movement
    track.addEventListener("ended", () => {
      if (this.shown === track) {
        void this.stopShowing(); // by the browser's own button
      }
    });
    this.listener.track("video", track);
    this.listener.changed();
  }

  private async otherCamera(): Promise<string | null> {
    const all = await navigator.mediaDevices.enumerateDevices();
    const cameras = all.filter((device) => device.kind === "videoinput");
    const back = cameras.find((device) => /back|rear|environment/i.test(device.label));
    const used = this.camera?.getSettings().deviceId ?? this.cameraId;
    return back?.deviceId ?? cameras.find((device) => device.deviceId !== used)?.deviceId ?? null;
  }

  private takeMicrophone(track: MediaStreamTrack | null): void {
    this.microphone?.stop();
    this.microphone = track;
    if (track !== null) {
      track.enabled = this.microphoneOn;
    }
    this.listener.track("audio", track);
  }

  private takeCamera(track: MediaStreamTrack | null): void {
    this.camera = track;
    if (this.shown === null) {
      this.listener.track("video", track);
    }
    track?.addEventListener("ended", () => {
      if (this.camera === track) {
        this.cameraTrouble = "busy_camera"; // unplugged, or taken by another program
        this.takeCamera(null);
        this.listener.changed();
      }
    });
  }
}

function named(constraints: MediaTrackConstraints, id: string): MediaTrackConstraints {
  return id === "" ? constraints : { ...constraints, deviceId: { exact: id } };
}

function why(error: unknown, blocked: Trouble, busy: Trouble, none: Trouble): Trouble {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotAllowedError" || name === "SecurityError") {
    return blocked;
  }
  return name === "NotReadableError" || name === "AbortError" ? busy : none;
}
