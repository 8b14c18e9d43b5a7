/** Unsent text in this browser: the first line, which needs no network. */

const KEPT_FOR_MS = 60 * 24 * 60 * 60 * 1000;

export class LocalText {
  #key;

  constructor(context) {
    // On a shared computer the next member must not find the text of the one before.
    this.#key = `draft:${document.documentElement.dataset.viewer ?? ""}:${context}`;
  }

  get key() {
    return this.#key;
  }

  /** `{fields, version, isDirty}` as kept last, or null. */
  read() {
    return read(this.#key);
  }

  /** `isDirty` says that the server may not have it yet; `version` is the one it builds on. */
  keep(kept) {
    write(this.#key, kept);
  }

  drop() {
    withStorage((storage) => storage.removeItem(this.#key));
  }

  /** The text that lost a choice between two, so that the choice can be taken back. */
  get aside() {
    return read(`${this.#key}:aside`)?.fields ?? null;
  }

  set aside(fields) {
    if (fields) write(`${this.#key}:aside`, { fields });
    else withStorage((storage) => storage.removeItem(`${this.#key}:aside`));
  }
}

function read(key) {
  const kept = withStorage((storage) => JSON.parse(storage.getItem(key)));
  return kept && Date.now() - kept.at < KEPT_FOR_MS ? kept : null;
}

function write(key, kept) {
  withStorage((storage) => storage.setItem(key, JSON.stringify({ at: Date.now(), ...kept })));
}

/** Storage may be full or forbidden, or hold what is no draft: then there is none. */
function withStorage(use) {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
}
