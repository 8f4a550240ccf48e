// A sound and a vibration of its own for each verdict: heard and felt without looking.
// Tones: [frequency Hz, start ms, length ms]; vibration: on, off, on, ... in ms.
const SIGNALS = {
  go: { tones: [[880, 0, 120], [1320, 130, 200]], buzz: [120] },
  stop: { tones: [[220, 0, 260], [180, 320, 420]], buzz: [400, 120, 400] },
  wait: { tones: [[523, 0, 140], [523, 240, 140], [523, 480, 140]], buzz: [120, 120, 120, 120, 120] },
  still: { tones: [[330, 0, 500]], buzz: [700] },
};
const LOUDNESS = 0.25;

let context = null;

/** Browsers give sound only after a touch: call this from one. */
export function wake() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume();
}

/** Sound and vibrate for a verdict: go, stop, wait, still. */
export function signal(verdict) {
  const { tones, buzz } = SIGNALS[verdict] ?? SIGNALS.stop;
  if (navigator.userActivation?.hasBeenActive ?? true) navigator.vibrate?.(buzz); // else browsers refuse it aloud
  if (context?.state !== "running") return;
  for (const [frequency, start, length] of tones) play(frequency, start / 1000, length / 1000);
}

function play(frequency, start, length) {
  const tone = context.createOscillator();
  const volume = context.createGain();
  const from = context.currentTime + start;
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(LOUDNESS, from);
  volume.gain.setTargetAtTime(0, from + length - 0.03, 0.01); // no click at the end
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + length);
}
