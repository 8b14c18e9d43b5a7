/**
 * Unsent text: in this browser at every pause, on the server soon after. The version says which
 * text of the server this window builds on; a text of another window is never written over.
 */

import { Choice } from "forum/composer/choice";
import { LocalText } from "forum/composer/local-text";
import { fieldsOf, ServerText } from "forum/composer/server-text";
import { refusals } from "forum/sending";

const KEEP_AFTER_MS = 400;
const SAVE_AFTER_MS = 2_000;
const SAVE_WITHIN_MS = 10_000; // also of somebody who types without a pause
const AGAIN_AFTER_MS = 15_000;
const WORTH_ANOTHER_TRY = new Set([0, 401, 429, 500, 502, 503, 504]);

export class Draft {
  #form;
  #body;
  #notes;
  #words;
  #placed;
  #choice;
  #local;
  #server = null;
  #isDirty = false; // the form holds what the server may not have
  #isHeld = false; // the text is being sent as a post
  #saving = null;
  #timers = { keep: 0, save: 0 };
  #dirtySince = 0;

  /** `words` holds the sentences; `placed(number)` moves the composer to the post it answers. */
  constructor(composer, form, { body, notes, placed }) {
    this.#form = form;
    this.#body = body;
    this.#notes = notes;
    this.#placed = placed;
    this.#words = composer.dataset;
    this.#choice = new Choice(composer);
    this.#local = new LocalText(form.dataset.context);
    const address = composer.dataset.drafts;
    if (address && form.elements.draft) {
      this.#server = new ServerText(`${address}${form.dataset.context}/`);
    }
  }

  /** Brings the form to the newest text that is known, of this browser or of the server. */
  async restore() {
    const kept = this.#local.read();
    if (this.#body.isTouched) return this.#goOn(kept);
    this.#choice.hasAside = this.#local.aside !== null;
    if (!kept || (!this.#server && !this.#body.isEmpty)) return this.#sayRestored();
    const isSure = !this.#server || (kept.isDirty ?? true) || kept.version === this.#version;
    if (isSure || !(await this.#learn(kept))) this.#put(kept.fields, kept.version ?? 0);
    this.#isDirty ||= kept.isDirty ?? true;
    this.#sayRestored();
    // At once: the server may have it from the goodbye of the page before, and tells by the words.
    this.#save();
  }

  /** Keeps what is typed, and what stands there when the page is left or the signal aborts. */
  watch(signal) {
    signal.addEventListener("abort", () => this.keep());
    this.#form.addEventListener("input", () => this.#changed(), { signal });
    addEventListener("pagehide", () => this.#leave(), { signal });
    document.addEventListener("visibilitychange", () => this.#turn(), { signal });
    for (const name of ["online", "focus", "pageshow"]) {
      addEventListener(name, () => this.#save(), { signal });
    }
    addEventListener("storage", (event) => this.#follow(event), { signal });
  }

  /** The form changed without a key: the post it answers is another one. */
  changed() {
    if (!this.#body.isEmpty) this.#changed();
  }

  /** What stands in the form is a text of its own: the post was sent without its end. */
  begin() {
    this.#body.renew();
    this.changed();
  }

  /** Into this browser, now. With `once`: a post whose answer got lost is not doubled. */
  keep() {
    clearTimeout(this.#timers.keep);
    if (this.#body.isEmpty) return this.#local.drop();
    const isDirty = this.#isDirty || this.#saving !== null;
    if (!isDirty && !this.#version) return;
    this.#local.keep({ fields: this.#body.read(), version: this.#version, isDirty });
  }

  /** Nothing goes to the server while the form itself does. */
  async hold() {
    this.#isHeld = true;
    this.keep();
    clearTimeout(this.#timers.save);
    await this.#saving;
  }

  /** A text that became a post is no draft any more, here and on the server. */
  release({ isSent }) {
    this.#isHeld = false;
    if (isSent) this.#drop();
    else if (this.#isDirty) this.#saveSoon();
  }

  #drop() {
    for (const timer of Object.values(this.#timers)) clearTimeout(timer);
    this.#isDirty = false;
    this.#form.removeAttribute("data-ahead");
    this.#version = 0;
    this.#choice.close();
    this.#local.drop();
  }

  /** The form was emptied on purpose: the draft goes everywhere. */
  async #discard() {
    this.#local.drop();
    this.#local.aside = null;
    this.#choice.hasAside = false;
    this.#isDirty = true;
    const { theirs } = this.#choice;
    this.#choice.close();
    if (theirs) return this.#adopt(theirs);
    await this.#save();
    // The form of an edit begins with the post's own text.
    if (this.#form.dataset.context.startsWith("post-")) location.reload();
  }

  /** A click on one of the buttons of the choice. */
  choose(part) {
    if (part === "both") this.#choice.showBoth();
    if (part === "swap") this.#swap();
    if (part === "discard") this.#discard();
    if (!this.#choice.isOpen || !["take", "keep"].includes(part)) return;
    const { theirs } = this.#choice;
    const takesTheirs = part === "take";
    this.#local.aside = takesTheirs ? this.#body.read() : fieldsOf(theirs);
    this.#choice.hasAside = true;
    this.#notes.say("");
    if (this.#choice.close()) this.#body.focus();
    if (takesTheirs) this.#adopt(theirs);
    else {
      this.#version = theirs.version;
      this.#changed();
    }
  }

  get #version() {
    return Number(this.#form.elements.draft?.value ?? 0);
  }

  set #version(version) {
    if (this.#form.elements.draft) this.#form.elements.draft.value = String(version);
  }

  /** The person began to write before this module came: that text goes on. */
  #goOn(kept) {
    if (kept?.isDirty) this.#local.aside = kept.fields;
    this.#choice.hasAside = this.#local.aside !== null;
    this.#changed();
  }

  #sayRestored() {
    if (this.#version) this.#placed(this.#body.read().parent);
    if (this.#version || this.#isDirty) this.#notes.sayRestored(this.#words.restored);
  }

  /**
   * The page and this browser know different versions: asks which one is true. Gives false when
   * nobody answered.
   */
  async #learn(kept) {
    const { status, data } = await this.#server.read();
    if (this.#isDirty) return true; // the person began to write meanwhile
    if (status === 200 && data.version !== this.#version) this.#adopt(data);
    if (status === 404) this.#local.drop(); // sent or discarded in another window
    return status === 200 || status === 404 || kept.version < this.#version;
  }

  #put(fields, version) {
    const { parent, ...words } = fields;
    const home = this.#form.dataset.parent; // On a page for one answer the parent is fixed.
    this.#body.write(home ? words : fields);
    this.#version = version;
    this.#placed(home || parent);
  }

  #adopt(theirs) {
    this.#put(fieldsOf(theirs), theirs.version);
    this.#body.renew();
    this.#isDirty = false;
    this.#form.removeAttribute("data-ahead");
    this.keep();
  }

  #swap() {
    const { aside } = this.#local;
    if (!aside) return;
    this.#local.aside = this.#body.isEmpty ? null : this.#body.read();
    this.#choice.hasAside = !this.#body.isEmpty;
    this.#put(aside, this.#version);
    this.#changed();
  }

  #changed() {
    if (!this.#isDirty) this.#dirtySince = Date.now();
    this.#isDirty = true;
    this.#form.setAttribute("data-ahead", "");
    clearTimeout(this.#timers.keep);
    this.#timers.keep = setTimeout(() => this.keep(), KEEP_AFTER_MS);
    this.#saveSoon(Math.min(SAVE_AFTER_MS, this.#dirtySince + SAVE_WITHIN_MS - Date.now()));
  }

  #saveSoon(delay = SAVE_AFTER_MS) {
    clearTimeout(this.#timers.save);
    if (this.#server) this.#timers.save = setTimeout(() => this.#save(), Math.max(delay, 0));
  }

  #leave() {
    this.keep();
    // An answer that nobody waits for: the text stays dirty here, and is compared at the next visit.
    if (this.#mayGo) this.#server.save(this.#fields(), this.#version, { isLast: true });
  }

  #turn() {
    if (document.visibilityState === "hidden") this.#save();
  }

  get #mayGo() {
    return this.#server && this.#isDirty && !this.#isHeld && !this.#choice.isOpen;
  }

  /** One saving at a time; what is typed during one is saved after it. */
  #save() {
    if (!this.#mayGo || this.#saving) return this.#saving;
    if (this.#body.isEmpty && !this.#version) return this.#drop();
    clearTimeout(this.#timers.save);
    this.#isDirty = false;
    this.#saving = this.#server.save(this.#fields(), this.#version).then((answer) => {
      this.#saving = null;
      this.#judge(answer);
    });
    return this.#saving;
  }

  #fields() {
    const fields = this.#body.read();
    return this.#body.isEmpty ? { ...fields, title: "", body: "", filled: {} } : fields;
  }

  #judge({ status, data }) {
    if (status === 200 && data) return this.#saved(data.version);
    this.#isDirty = true;
    if (status === 409) this.#differ(data);
    else this.#notes.sayKept(refusals(data).join(" ") || this.#words.unsaved, { isProblem: true });
    this.keep();
    if (WORTH_ANOTHER_TRY.has(status)) this.#saveSoon(AGAIN_AFTER_MS);
  }

  #saved(version) {
    this.#version = version;
    this.keep();
    const style = { hour: "2-digit", minute: "2-digit" };
    const time = new Date().toLocaleTimeString(document.documentElement.lang, style);
    this.#notes.sayKept(version ? this.#words.saved.replace("{time}", time) : "");
    if (this.#isDirty) this.#saveSoon();
    else this.#form.removeAttribute("data-ahead");
  }

  #differ(theirs) {
    if (this.#body.isEmpty) return this.#adopt(theirs);
    this.#choice.open(theirs);
    this.#notes.sayKept("");
    this.#notes.say(this.#words.newer);
  }

  /** The same draft was sent in another tab: what is written here is a post of its own. */
  #follow({ key, newValue }) {
    if (key === this.#local.key && newValue === null) this.#body.renew();
  }
}
