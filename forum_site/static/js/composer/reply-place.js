/** What the composer answers and where it stands: at home, or under the post it replies to. */

const DEEPEST_LEVEL = 3;

export class ReplyPlace {
  #composer;
  #parent;
  #homeParent;
  #home = document.createComment("composer");
  #opener = null;

  /** `parent` is the field with the number of the post that is answered; `home` is that of home. */
  constructor(composer, parent, home = "") {
    this.#composer = composer;
    this.#parent = parent;
    this.#homeParent = home;
    composer.before(this.#home);
  }

  get isAway() {
    return "replying" in this.#composer.dataset;
  }

  /** Answers the post; `opener` gets focus back when the composer returns. */
  under(post, opener = null) {
    this.#opener = opener;
    this.#parent.value = post.dataset.number;
    const name = this.#composer.querySelector("[data-part=answers-name]");
    if (name) name.textContent = post.querySelector(".post__name")?.textContent ?? "";
    this.#showLine(true);
    this.#composer.dataset.replying = "";
    this.#composer.dataset.level = String(Math.min(Number(post.dataset.level) + 1, DEEPEST_LEVEL));
    move(this.#composer, post);
  }

  /** Answers the post with this number, if it is on the page. */
  underNumber(number) {
    if (!this.#parent || String(number ?? "") === this.#homeParent) return this.back();
    const post = document.querySelector(`[data-kind=post][data-number="${Number(number)}"]`);
    if (post) this.under(post);
    return Boolean(post);
  }

  back({ focus = false } = {}) {
    if (!this.isAway) return;
    this.#parent.value = this.#homeParent;
    this.#showLine(false);
    delete this.#composer.dataset.replying;
    delete this.#composer.dataset.level;
    move(this.#composer, this.#home);
    if (focus) this.#openerNow()?.focus();
    this.#opener = null;
  }

  #showLine(isShown) {
    const line = this.#composer.querySelector("[data-part=answers]");
    if (line) line.hidden = !isShown;
  }

  /** The opener, or its twin when the post was replaced by a newer version meanwhile. */
  #openerNow() {
    if (!this.#opener || this.#opener.isConnected) return this.#opener;
    return document.querySelector(`a[href="${CSS.escape(this.#opener.getAttribute("href"))}"]`);
  }
}

/** What a click asks for: `{post, opener}` when it is on a post's reply link, else null. */
export function wishToReply(event) {
  const opener = event.target.closest?.("[data-action=reply]");
  const post = opener?.closest("[data-kind=post]");
  if (!post || event.ctrlKey || event.metaKey || event.shiftKey) return null;
  event.preventDefault();
  return { post, opener };
}

/** Puts the element right after the other one; an editor in it lives on where browsers can move. */
function move(element, other) {
  if (element.parentNode?.moveBefore) other.parentNode.moveBefore(element, other.nextSibling);
  else other.after(element);
}
