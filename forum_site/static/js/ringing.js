/** A short, soft sound, in one of the reader's open tabs. */

const LENGTH_S = 0.18;
const PITCH_HZ = 660;
const LOUDNESS = 0.06;
const ONE_TAB_MS = 2_000; // so long no other tab rings for the same news

/** Rings, unless the browser has not been touched yet: then it stays silent. */
export function ring() {
  const once = { ifAvailable: true };
  navigator.locks?.request("notification-sound", once, (lock) => (lock ? sound() : null));
}

async function sound() {
  const context = new AudioContext();
  if (context.state !== "running") return context.close();
  const tone = new OscillatorNode(context, { frequency: PITCH_HZ });
  const volume = new GainNode(context, { gain: LOUDNESS });
  volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + LENGTH_S);
  tone.connect(volume).connect(context.destination);
  tone.start();
  tone.stop(context.currentTime + LENGTH_S);
  await new Promise((done) => setTimeout(done, ONE_TAB_MS));
  return context.close();
}
