/** Somebody's words on their way into the composer: which are chosen, and what they become. */

const QUOTED_MAX_CHARS = 2_000; // as forum/lib/quoting.py
const BLOCKS = "p, h3, ul, ol, blockquote";

/** The part of one post that is selected, as `{post, range}`; null where none is. */
export function selectedWords() {
  const selection = getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const words = wordsAt(range.startContainer) ?? wordsAt(range.endContainer);
  if (!words || !range.intersectsNode(words)) return null;
  const part = clipped(range, words);
  return part.toString().trim() ? { post: words.closest("[data-kind=post]"), range: part } : null;
}

/** The quotation as HTML of the editor, and as Markdown for the plain field. */
export function quotation({ post, range }, sentence) {
  const box = document.createElement("div");
  box.append(range ? withList(range) : wholeWords(post));
  putInWords(box);
  if (!box.querySelector(BLOCKS)) wrap(box);
  cut(box, QUOTED_MAX_CHARS);
  const link = document.createElement("a");
  link.href = new URL(post.querySelector(".post__time").getAttribute("href"), location.href).href;
  link.textContent = byLine(post, sentence);
  const source = document.createElement("p");
  source.append(link, ":");
  const quote = document.createElement("blockquote");
  quote.append(source, ...box.childNodes);
  const lines = [...quote.querySelectorAll("p, h3")].slice(1).map((line) => line.textContent);
  const text = [`[${link.textContent}](<${link.href}>):`, ...lines].map((line) => `> ${line}`).join("\n>\n");
  return { html: quote.outerHTML, text };
}

function byLine(post, sentence) {
  const names = [".post__name", ".post__voice"].map((part) => post.querySelector(part)?.textContent);
  return sentence.replace("{name}", names.filter(Boolean).join(", ")).replace("{number}", post.dataset.number);
}

function wordsAt(node) {
  const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
  return element?.closest(".post__words") ?? element?.closest(".post")?.querySelector(".post__words");
}

function clipped(range, words) {
  const part = range.cloneRange();
  if (!words.contains(range.startContainer)) part.setStart(words, 0);
  if (!words.contains(range.endContainer)) part.setEnd(words, words.childNodes.length);
  return part;
}

/** Items that were chosen without the list round them get one of its kind. */
function withList(range) {
  const part = range.cloneContents();
  const around = range.commonAncestorContainer;
  if (!around.matches?.("ul, ol")) return part;
  const list = document.createElement(around.localName);
  list.append(part);
  return list;
}

/** All words of the post; what it quotes itself only where it says nothing else. */
function wholeWords(post) {
  const words = post.querySelector(".post__words").cloneNode(true);
  putInWords(words);
  const own = words.cloneNode(true);
  for (const quote of own.querySelectorAll("blockquote")) quote.remove();
  const part = document.createDocumentFragment();
  part.append(...(own.textContent.trim() ? own : words).childNodes);
  return part;
}

/** A picture is shown in its own post only: a quote says what was on it. */
function putInWords(box) {
  for (const picture of box.querySelectorAll("img")) picture.replaceWith(`[${picture.alt}]`);
}

function wrap(box) {
  const paragraph = document.createElement("p");
  paragraph.append(...box.childNodes);
  box.append(paragraph);
}

/** Nothing behind the given number of characters, and a "…" where it was cut. */
function cut(box, limit) {
  const end = document.createRange();
  const texts = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  let left = limit;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (text.length > left) {
      text.data = `${text.data.slice(0, left)}…`;
      end.setStartAfter(text);
      end.setEnd(box, box.childNodes.length);
      return end.deleteContents();
    }
    left -= text.length;
  }
}
