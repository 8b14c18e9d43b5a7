/** The changes door: what is true, where frames are only hints. */

const READ_TIMEOUT_MS = 10_000;

/** With these answers the stream is not for this reader (any more): asking again is no use. */
export const GONE = new Set([401, 403, 404]);

/** Promises `{seq, html, more}`; an error carries the `status`, if there was an answer at all. */
export async function readChanges(stream, since) {
  const response = await fetch(`/live/${stream}/changes/?since=${since}`, {
    headers: { Accept: "application/json" },
    cache: "no-store",
    credentials: "same-origin",
    signal: AbortSignal.timeout(READ_TIMEOUT_MS),
  });
  if (!response.ok) {
    throw Object.assign(new Error(`changes of ${stream}`), { status: response.status });
  }
  return response.json();
}
