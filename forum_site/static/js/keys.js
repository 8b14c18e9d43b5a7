/**
 * Keys for people who read much: / to search, j and k to the next and the previous row or post, n to
 * the next unread one, ? for the list of them. Never while somebody writes, never with another key,
 * and whoever does not want them switches them off in the list (WCAG 2.1.4); this browser keeps it.
 */

const STORED_AS = "keys";
const ROWS =
  "article.post, .thread-row, .hit, .organization-row, .notification, .kept-search, .saved-post";
const UNREAD = "article.post[data-unread], .thread-row:has(.unread), .notification[data-unread]";
const TITLE = "h2 a, h3 a, a";
const WRITES = "input, textarea, select, [contenteditable], [role=textbox], dialog[open]";

const dialog = document.querySelector("#keys");
const chooser = dialog?.querySelector("[data-part=on]");
const opener = document.querySelector("[data-part=keys]");

const actions = {
  "/": search,
  j: () => step(1, ROWS),
  k: () => step(-1, ROWS),
  n: nextUnread,
  "?": () => dialog?.showModal(),
};

function search() {
  const field = document.querySelector("main input[type=search]");
  if (!field) return document.querySelector(".masthead__search")?.click();
  field.focus();
  field.select();
}

/** A thread knows where its next unread post is, on whatever page of it. */
function nextUnread() {
  const rail = document.querySelector("jump-rail [data-part=next]:not([hidden])");
  if (rail) rail.click();
  else step(1, UNREAD);
}

function step(by, kind) {
  const rows = [...document.querySelectorAll(`:is(${kind}), :is(${ROWS}):focus-within`)];
  const seen = rows.filter((row) => row.checkVisibility());
  const at = seen.findIndex((row) => row.contains(document.activeElement));
  const next = at < 0 ? seen.at(by > 0 ? 0 : -1) : seen[at + by];
  if (!next) return;
  const focused = next.matches("[tabindex]") ? next : next.querySelector(TITLE);
  focused?.focus({ preventScroll: true });
  next.scrollIntoView({ block: next.matches("article") ? "start" : "nearest" });
}

function isOn() {
  try {
    return localStorage.getItem(STORED_AS) !== "off";
  } catch {
    return chooser?.checked ?? true; // storage may be forbidden; then the choice holds for this page
  }
}

function choose() {
  try {
    localStorage.setItem(STORED_AS, chooser.checked ? "on" : "off");
  } catch {
    // As above.
  }
  show();
}

function show() {
  const link = document.querySelector(".masthead__search");
  if (isOn()) link?.setAttribute("aria-keyshortcuts", "/");
  else link?.removeAttribute("aria-keyshortcuts");
}

function isPlain(event) {
  const isAlone = !event.ctrlKey && !event.metaKey && !event.altKey;
  return isAlone && !event.isComposing && !event.defaultPrevented;
}

document.addEventListener("keydown", (event) => {
  if (!isPlain(event) || !Object.hasOwn(actions, event.key)) return;
  if (event.target.closest?.(WRITES) || document.querySelector("dialog[open]") || !isOn()) return;
  // A page may have the key for a button of its own.
  if (document.querySelector(`button[data-key="${event.key}"]`)) return;
  event.preventDefault();
  actions[event.key]();
});

if (chooser && opener) {
  chooser.checked = isOn();
  chooser.addEventListener("change", choose);
  opener.hidden = false;
  opener.addEventListener("click", () => dialog.showModal());
  show();
}
