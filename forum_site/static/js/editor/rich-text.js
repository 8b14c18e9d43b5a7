/* <rich-text> puts an editor in the place of the Markdown textarea inside it, when somebody needs it.
   The textarea stays the form's field: it gets the HTML, and an input event at every change.
   If the editor cannot be loaded, the textarea remains as it is. */

const IDLE_TIMEOUT_MS = 3000;

export class RichText extends HTMLElement {
  #source;
  #format;
  #surface = null;
  #starting = null;

  connectedCallback() {
    this.#source = this.querySelector("textarea");
    this.#format = this.querySelector("input[type=hidden]");
    this.#source.addEventListener("focus", this.#start);
    if (!navigator.connection?.saveData) whenIdle(this.#start);
  }

  disconnectedCallback() {
    // A composer that moves to another post leaves the page for a moment only.
    queueMicrotask(() => this.isConnected || this.#stop());
  }

  /* The text as the form will send it: HTML once the editor is up, Markdown before. */
  get value() {
    return this.#source.value;
  }

  set value(text) {
    this.setContent(text);
  }

  /* Takes HTML of this editor, or text as a person types it; fires no event. */
  setContent(text, format = text.startsWith("<") ? "html" : "markdown") {
    this.#source.value = text;
    this.#format.value = format;
    this.#surface?.show(text);
    this.#keep();
  }

  /* Resolves when the editor is up, or when it is clear that it will not be. */
  get ready() {
    return this.#start();
  }

  /* Puts HTML behind everything typed, or the same as Markdown where the editor is not up. */
  async append(html, text) {
    await this.#start();
    if (this.#surface) return this.#surface.append(html);
    const typed = this.#source.value.trimEnd();
    this.#source.value = `${typed && `${typed}\n\n`}${text}\n\n`;
    this.#source.dispatchEvent(new Event("input", { bubbles: true }));
    this.#source.focus();
  }

  clear() {
    this.value = "";
  }

  /* Puts an attached picture where the person writes: `{src, alt}`. */
  async insertPicture(picture) {
    await this.#start();
    if (this.#surface) return this.#surface.insertPicture(picture);
    this.#source.setRangeText(`![${picture.alt}](${picture.src})`);
    this.#changed();
  }

  /* Takes every copy of the picture out of the text; the attachment is gone. */
  dropPicture(src) {
    this.#surface?.dropPicture(src);
  }

  focus() {
    (this.#surface ?? this.#source).focus();
  }

  #start = () => (this.#starting ??= this.#load());

  async #load() {
    try {
      const { Surface } = await import("forum/editor/surface");
      if (!this.isConnected) return;
      const hadFocus = document.activeElement === this.#source;
      this.#surface = new Surface(this.#source, this.dataset, this.#changed);
      this.#keep();
      this.dataset.state = "ready";
      if (hadFocus) this.#surface.takeFocus();
    } catch (error) {
      this.dataset.state = "failed";
      console.warn("The editor could not be loaded; the plain field stays.", error);
    }
  }

  #stop() {
    this.#source.removeEventListener("focus", this.#start);
    this.#surface?.destroy();
    this.#surface = this.#starting = null;
  }

  #changed = () => {
    this.#keep();
    this.#source.dispatchEvent(new Event("input", { bubbles: true }));
  };

  #keep() {
    if (!this.#surface) return;
    this.#source.value = this.#surface.html;
    this.#format.value = "html";
  }
}

function whenIdle(act) {
  if (window.requestIdleCallback) requestIdleCallback(act, { timeout: IDLE_TIMEOUT_MS });
  else setTimeout(act, IDLE_TIMEOUT_MS);
}

customElements.define("rich-text", RichText);
