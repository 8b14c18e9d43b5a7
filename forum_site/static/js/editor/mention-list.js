/* The list under an "@": a listbox that the text field controls, after the pattern of a combobox.
   Focus stays in the text; arrows move the choice, Enter and Tab take it, Escape closes. A textbox
   knows no aria-expanded: that the list is open is said by its status line and the active option. */

const WAIT_MS = 120; // after the last key, before the server is asked
const EDGE_PX = 8; // left free on both sides of the window
const GAP_PX = 4;
const MOVES = { ArrowDown: 1, ArrowUp: -1 };

let count = 0;

export class MentionList {
  #field;
  #settings;
  #take;
  #box;
  #count;
  #options = [];
  #chosen = 0;
  #call = null;
  #dismissed = null; // where Escape was pressed: that "@" stays a plain sign
  #timer = 0;
  #asking = null;

  /* `take(found, call)` puts the choice in the place of the call. */
  constructor(field, settings, take) {
    this.#field = field;
    this.#settings = settings;
    this.#take = take;
    this.#build(`mentions-${++count}`);
  }

  get isOpen() {
    return !this.#box.hidden;
  }

  /* Asks for the names that begin as the call does; `place` is where its "@" stands. */
  look(call, place) {
    this.#call = call;
    clearTimeout(this.#timer);
    if (this.#dismissed === call.from) return;
    this.#dismissed = null;
    this.#timer = setTimeout(() => this.#ask(call, place), WAIT_MS);
  }

  /* The cursor is in no call any more: the next "@" is a new one. */
  leave() {
    this.#dismissed = null;
    this.close();
  }

  close() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#call = null;
    this.#options = [];
    this.#box.hidden = true;
    this.#box.replaceChildren();
    this.#count.textContent = "";
    this.#field.removeAttribute("aria-activedescendant");
  }

  remove() {
    this.close();
    this.#box.remove();
    this.#count.remove();
  }

  /* Whether the key was for the list. */
  press(event) {
    if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key in MOVES) this.#choose(this.#chosen + MOVES[event.key]);
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.#accept(this.#chosen);
    else if (event.key === "Escape") this.#dismiss();
    else return false;
    event.preventDefault();
    event.stopPropagation(); // Escape would also bring the composer home.
    return true;
  }

  #dismiss() {
    const { from } = this.#call;
    this.close();
    this.#dismissed = from;
  }

  async #ask(call, place) {
    this.#asking?.abort();
    const { signal } = (this.#asking = new AbortController());
    const address = `${this.#settings.mentions}&q=${encodeURIComponent(call.wish.trim())}`;
    const wish = { headers: { Accept: "application/json", "X-Fragment": "1" }, signal };
    // Without an answer the name is simply typed to its end: the server knows it then.
    const answer = await fetch(address, wish).then((response) => response.json()).catch(() => null);
    if (!signal.aborted) this.#show(answer?.found ?? [], place);
  }

  #show(found, place) {
    if (found.length === 0) return this.close();
    this.#options = found;
    this.#box.replaceChildren(...found.map((each, index) => this.#option(each, index)));
    this.#box.hidden = false;
    this.#stand(place);
    this.#choose(0);
    const words = this.#settings.labelMentionsFound.replace("{count}", found.length);
    if (this.#count.textContent !== words) this.#count.textContent = words;
  }

  #choose(index) {
    this.#chosen = (index + this.#options.length) % this.#options.length;
    for (const [place, option] of [...this.#box.children].entries()) {
      option.setAttribute("aria-selected", String(place === this.#chosen));
    }
    const option = this.#box.children[this.#chosen];
    option.scrollIntoView({ block: "nearest" });
    this.#field.setAttribute("aria-activedescendant", option.id);
  }

  #accept(index) {
    const [found, call] = [this.#options[index], this.#call];
    this.close();
    if (found && call) this.#take(found, call);
  }

  /* Below the sign; above it where there is no room below. Never wider than the window. */
  #stand({ left, top, bottom }) {
    const { style, offsetParent, offsetWidth, offsetHeight } = this.#box;
    const frame = offsetParent.getBoundingClientRect();
    const right = document.documentElement.clientWidth - EDGE_PX;
    const isBelow = bottom + offsetHeight < window.innerHeight || top < offsetHeight;
    style.left = `${Math.max(EDGE_PX, Math.min(left, right - offsetWidth)) - frame.left}px`;
    style.top = `${(isBelow ? bottom + GAP_PX : top - offsetHeight - GAP_PX) - frame.top}px`;
  }

  #option({ name, about }, index) {
    const option = document.createElement("li");
    option.id = `${this.#box.id}-${index}`;
    option.setAttribute("role", "option");
    option.className = "mention-list__option";
    option.append(part("b", name), about ? part("span", about) : "");
    // The text keeps its cursor, and a phone its keyboard.
    option.addEventListener("pointerdown", (event) => event.preventDefault());
    option.addEventListener("mousedown", (event) => event.preventDefault());
    option.addEventListener("click", () => this.#accept(index));
    return option;
  }

  #build(id) {
    this.#box = Object.assign(document.createElement("ul"), { id, className: "mention-list", hidden: true });
    this.#box.setAttribute("role", "listbox");
    this.#box.setAttribute("aria-label", this.#settings.labelMentions);
    this.#count = Object.assign(document.createElement("p"), { className: "visually-hidden" });
    this.#count.setAttribute("role", "status");
    (document.querySelector("main") ?? document.body).append(this.#box, this.#count);
    this.#field.setAttribute("aria-controls", id);
    this.#field.setAttribute("aria-autocomplete", "list");
    this.#field.setAttribute("aria-haspopup", "listbox");
  }
}

function part(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}
