// Two tones, made here: nothing is loaded. Browsers allow sound only after a press.

let context: AudioContext | null = null;

/** To be called from a press. */
export function allowSound(): void {
  context ??= new AudioContext();
  void context.resume();
}

export function chime(): void {
  if (context === null) {
    return;
  }
  [660, 880].forEach((pitch, place) => tone(context as AudioContext, pitch, place * 0.28));
}

function tone(audio: AudioContext, pitch: number, after: number): void {
  const start = audio.currentTime + after;
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = pitch;
  volume.gain.setValueAtTime(0.0001, start);
  volume.gain.exponentialRampToValueAtTime(0.4, start + 0.03);
  volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.5);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.55);
}
