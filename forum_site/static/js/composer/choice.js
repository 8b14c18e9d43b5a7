/** Two windows wrote different texts: which one goes on? Neither is lost, whatever is clicked. */

export class Choice {
  #composer;
  #theirs = null;

  constructor(composer) {
    this.#composer = composer;
  }

  /** What the server keeps of the other window, while the choice is open. */
  get theirs() {
    return this.#theirs;
  }

  get isOpen() {
    return this.#theirs !== null;
  }

  open(theirs) {
    this.#theirs = theirs;
    const other = this.#part("other-text");
    other.textContent = [theirs.title, theirs.text].filter(Boolean).join("\n\n");
    this.#part("choice").hidden = false;
  }

  showBoth() {
    this.#part("other-text").hidden = false;
    this.#part("other-text").focus();
  }

  close() {
    this.#theirs = null;
    const choice = this.#part("choice");
    if (!choice) return;
    const hadFocus = choice.contains(document.activeElement);
    choice.hidden = true;
    this.#part("other-text").hidden = true;
    return hadFocus;
  }

  /** Whether a text that was put aside can be brought back. */
  set hasAside(isThere) {
    const line = this.#part("aside");
    if (line) line.hidden = !isThere;
  }

  #part(name) {
    return this.#composer.querySelector(`[data-part=${name}]`);
  }
}
