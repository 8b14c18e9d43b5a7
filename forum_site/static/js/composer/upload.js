/** One file on its way to the server; unlike fetch, XMLHttpRequest tells how far it is. */

import { csrfToken } from "forum/sending";

const ANSWER_WITHIN_MS = 120_000; // a slow telephone sends ten megabytes

/** Gives `{status, data}`; status 0 when nobody answered. */
export function upload(url, fields, progressed) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", url);
    request.timeout = ANSWER_WITHIN_MS;
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("X-Fragment", "1");
    request.setRequestHeader("Accept", "application/json");
    request.upload.addEventListener("progress", ({ loaded, total }) => progressed(loaded / total));
    request.addEventListener("loadend", () => resolve({ status: request.status, data: parsed(request) }));
    request.send(fields);
  });
}

function parsed({ responseText }) {
  try {
    return JSON.parse(responseText);
  } catch {
    return null;
  }
}
