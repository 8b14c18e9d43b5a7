/** One form on its way to the server, and what its answer means. */

import { apply, release } from "forum/live/apply";
import { focusGently } from "forum/live/steady";
import { isLoginPage, refusals, send } from "forum/sending";

/** Not every chosen file arrived: the person decides whether it goes without. */
class Incomplete extends Error {}

export class Submission {
  #form;
  #notes;
  #words;

  /** `words` holds the sentences: sending, sent, failed, loggedOut. */
  constructor(form, notes, words) {
    this.#form = form;
    this.#notes = notes;
    this.#words = words;
    // The server says what is wrong, in sentences; a required field behind the editor cannot.
    form.noValidate = true;
  }

  get isOnItsWay() {
    return this.#form.getAttribute("aria-busy") === "true";
  }

  /** Sends the form, after what must be done before; gives `{ids, url, body}` once it is accepted and on the page, else null. */
  async send(before = async () => {}) {
    this.#form.setAttribute("aria-busy", "true");
    this.#notes.refuse([]);
    this.#notes.say(this.#words.sending);
    const files = this.#form.querySelector("attached-files");
    const isComplete = (await files?.settled) ?? true;
    await before();
    try {
      if (!isComplete) throw new Incomplete(files.dataset.notAll);
      const fields = this.#fields();
      const address = this.#form.getAttribute("action") ?? location.href;
      const accepted = this.#judge(await send(address, fields));
      if (accepted) this.#form.dispatchEvent(new CustomEvent("composer:sent", { detail: fields }));
      return accepted && { ...accepted, body: fields.get("body") };
    } catch (error) {
      this.#notes.refuse([error instanceof Incomplete ? error.message : this.#words.failed]);
      return null;
    } finally {
      this.#form.removeAttribute("aria-busy");
      release();
    }
  }

  /**
   * Leads to the accepted post: by focus when it is on this page, else by its address. Without
   * `isAll` the person is still writing, and keeps the focus.
   */
  show({ ids, url }, { isAll = true } = {}) {
    const elements = ids.map((id) => document.getElementById(id));
    const post = elements.find((element) => element?.dataset.kind === "post");
    if (!post) return location.assign(url);
    this.#notes.say(isAll ? this.#words.sent : this.#words.sentGoOn);
    if (isAll) focusGently(post);
  }

  #fields() {
    const fields = new FormData(this.#form);
    // After a new login in another tab only the token in the cookie holds.
    fields.delete("csrfmiddlewaretoken");
    return fields;
  }

  #judge(answer) {
    const { data, status, redirected, url } = answer;
    if (data?.url) return { ids: apply(data.html ?? "", { own: true }), url: data.url };
    if (isLoginPage(answer)) this.#notes.refuse([this.#words.loggedOut ?? this.#words.failed]);
    else if (redirected && status === 200) return { ids: [], url };
    else this.#refuse(data);
    return null;
  }

  #refuse(data) {
    this.#notes.refuse(this.#sentences(data), data?.errors);
    this.#form.dispatchEvent(new CustomEvent("composer:refused", { detail: data }));
  }

  #sentences(data) {
    const sentences = refusals(data);
    return sentences.length > 0 ? sentences : [this.#words.failed];
  }
}
