/**
 * Keys for people who read much: / to search, j and k to the next and the previous row or post, n to
 * the next unread one, ? for the list of them. Never while somebody writes.
 */

const ROWS = "article.post, .thread-row, .hit, .organization-row";
const WRITES = "input, textarea, select, [contenteditable], dialog[open]";

const actions = {
  "/": () => {
    const field = document.querySelector("main input[type=search]");
    if (field) field.focus();
    else document.querySelector(".masthead__search")?.click();
  },
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("jump-rail [data-part=next]:not([hidden])")?.click(),
  "?": () => document.querySelector("#keys")?.showModal(),
};

function step(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => row.checkVisibility());
  const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  const focused = next?.matches("[tabindex]") ? next : next?.querySelector("a");
  focused?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "start" });
}

document.addEventListener("keydown", (event) => {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing;
  if (!isPlain || event.defaultPrevented || event.target.closest?.(WRITES)) return;
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});
