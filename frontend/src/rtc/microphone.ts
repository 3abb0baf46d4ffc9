// The microphone: asked for once, its level shown, and why it could not be had.

export type Refusal = "no_webrtc" | "no_microphone" | "permission" | "busy_microphone";

export class NoMicrophone extends Error {
  constructor(readonly why: Refusal) {
    super(why);
  }
}

export function canCall(): boolean {
  return "RTCPeerConnection" in window && "WebSocket" in window;
}

export async function microphone(): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices === undefined) {
    throw new NoMicrophone("no_webrtc"); // an old browser, or a page without TLS
  }
  try {
    return await devices.getUserMedia({
      audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (name === "NotAllowedError" || name === "SecurityError") {
      throw new NoMicrophone("permission");
    }
    throw new NoMicrophone(name === "NotReadableError" ? "busy_microphone" : "no_microphone");
  }
}

/** The level on a meter until stopped. */
export function showLevel(stream: MediaStream, meter: HTMLMeterElement): () => void {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Uint8Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getByteTimeDomainData(wave);
    const peak = wave.reduce((most, value) => Math.max(most, Math.abs(value - 128)), 0);
    meter.value = Math.min(100, Math.round((peak / 128) * 140));
  }, 100);
  return () => {
    clearInterval(timer);
    void context.close();
  };
}
