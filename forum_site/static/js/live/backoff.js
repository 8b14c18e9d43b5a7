/** How long to wait before the next try, so that a thousand pages do not come back at once. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** Milliseconds, doubling with each failure, the upper half of it left to chance. */
export function backoffMs(failures, random = Math.random) {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures, 16));
  return longest / 2 + (random() * longest) / 2;
}

/** A moment between the two, by chance. */
export function between(lowMs, highMs, random = Math.random) {
  return lowMs + random() * (highMs - lowMs);
}
