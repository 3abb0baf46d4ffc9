// The tone of a line that rings, where the network sends none: 425 Hz, one second in five
// (ITU-T E.180, as Finland has it).

const PITCH = 425;
const EVERY = 5_000;

export class RingBack {
  private context: AudioContext | null = null;
  private timer = 0;

  /** To be called from a press: browsers allow sound only after one. */
  allow(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  start(): void {
    if (this.timer === 0) {
      this.once();
      this.timer = window.setInterval(() => this.once(), EVERY);
    }
  }

  stop(): void {
    clearInterval(this.timer);
    this.timer = 0;
    void this.context?.close();
    this.context = null;
  }

  private once(): void {
    const audio = this.context;
    if (audio === null) {
      return;
    }
    const oscillator = audio.createOscillator();
    const volume = audio.createGain();
    oscillator.frequency.value = PITCH;
    volume.gain.value = 0.15;
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start();
    oscillator.stop(audio.currentTime + 1);
  }
}
