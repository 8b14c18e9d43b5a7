/** The same draft on the server: the truth between several windows and devices. */

import { csrfToken } from "forum/sending";

const ANSWER_WITHIN_MS = 20_000;

export class ServerText {
  #url;

  constructor(url) {
    this.#url = url;
  }

  /** `{status, data}`; status 0 when nobody answered. */
  read() {
    return this.#ask({ method: "GET" });
  }

  /** Keeps the fields in place of that version; `isLast` lets the request outlive the page. */
  save(fields, version, { isLast = false } = {}) {
    const { viewer } = document.documentElement.dataset;
    const { title, body, body_format, parent, voice, about_office, filled } = fields;
    const words = { title, body, body_format, parent, voice, about_office, filled };
    const text = { version, ...words, viewer };
    return this.#ask({
      method: "POST",
      body: JSON.stringify(text),
      headers: { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      keepalive: isLast,
    });
  }

  async #ask({ headers = {}, ...wish }) {
    try {
      const response = await fetch(this.#url, {
        ...wish,
        headers: { Accept: "application/json", "X-Fragment": "1", ...headers },
        credentials: "same-origin",
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const isJson = (response.headers.get("Content-Type") ?? "").includes("application/json");
      return { status: response.status, data: isJson ? await response.json() : null };
    } catch {
      return { status: 0, data: null };
    }
  }
}

/** What the server keeps, as fields of the form. */
export function fieldsOf({ title, body, body_format, parent, voice, about_office, filled }) {
  const numbers = { parent: String(parent ?? ""), voice: String(voice ?? "") };
  const ticked = { about_office: Boolean(about_office) };
  return { title, body, body_format, ...numbers, ...ticked, filled: filled ?? {} };
}
