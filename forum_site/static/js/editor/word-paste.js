/* What Word, Google Docs and web pages put on the clipboard, reduced to what a post may hold.
   The server does the same again (forum/lib/canonical.py); here it is so that one sees the result. */

const MARKS = "strong, b, em, i";
const DROPPED = "script, meta, link, title, xml, img, picture, svg, object, iframe, template";
const MARKER = /mso-list:\s*Ignore/i;
const ITEM = /mso-list:\s*l\d+\s+level(\d)/i;
const NUMBER = /^\s*\(?\w{1,4}[.)]/;

export function cleanPaste(html) {
  if (html.includes("data-pm-slice")) return html; // from an editor like ours: already clean
  const page = new DOMParser().parseFromString(withoutStyles(html), "text/html");
  for (const node of page.querySelectorAll(DROPPED)) node.remove();
  translateStyles(page);
  makeLists(page);
  for (const heading of page.querySelectorAll("h1, h2, h4, h5, h6")) rename(heading, "h3");
  for (const cell of page.querySelectorAll("td, th")) rename(cell, "p");
  dropEmpty(page);
  dropAttributes(page);
  return page.body.innerHTML;
}

/* Styles offend the page's policy even where they are parsed only; in attributes they tell of lists. */
function withoutStyles(html) {
  return html
    .replace(/<style\b[^]*?<\/style\s*>/gi, "")
    .replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/([\s"'/])style\s*=/gi, "$1data-style="));
}

/* Google Docs says bold by a style, and wraps everything in a <b> that is not bold. */
function translateStyles(page) {
  for (const node of page.querySelectorAll("[data-style]")) {
    const style = node.dataset.style;
    if (node.matches(MARKS) && /(^|[;\s])font-(weight|style):\s*(normal|400)/i.test(style)) unwrap(node);
    else if (node.matches("span")) wrapSpan(node, style);
  }
}

function wrapSpan(span, style) {
  if (/(^|[;\s])font-weight:\s*(bold|[6-9]00)/i.test(style)) wrapInside(span, "strong");
  if (/(^|[;\s])font-style:\s*italic/i.test(style)) wrapInside(span, "em");
}

/* A list of Word is a row of paragraphs, each with its level and a bullet typed as text. */
function makeLists(page) {
  let lists = [];
  let before = null;
  for (const paragraph of page.querySelectorAll("p[data-style*='mso-list']")) {
    const level = Number(ITEM.exec(paragraph.dataset.style)?.[1] ?? 0);
    if (!level) continue;
    const tag = takeMarker(paragraph);
    if (paragraph.previousElementSibling !== before) lists = [];
    lists.length = Math.min(lists.length, level);
    if (lists.length === level && lists[level - 1].localName !== tag) lists.length = level - 1;
    if (lists.length < level) lists.push(startList(page, tag, lists.at(-1), paragraph));
    const item = page.createElement("li");
    lists.at(-1).append(item);
    item.append(paragraph);
    before = lists[0];
  }
}

function startList(page, tag, parent, paragraph) {
  const list = page.createElement(tag);
  if (parent?.lastElementChild) parent.lastElementChild.append(list);
  else paragraph.before(list);
  return list;
}

function takeMarker(paragraph) {
  const marker = [...paragraph.querySelectorAll("[data-style]")].find((node) => MARKER.test(node.dataset.style));
  const tag = NUMBER.test(marker?.textContent ?? "") ? "ol" : "ul";
  marker?.remove();
  return tag;
}

function dropEmpty(page) {
  for (const block of page.querySelectorAll("p, h3")) {
    if (!block.textContent.trim() && !block.closest("li")) block.remove();
  }
}

function dropAttributes(page) {
  for (const node of page.body.querySelectorAll("*")) {
    for (const { name } of [...node.attributes]) {
      const isKept = name === "data-mention" || (name === "href" && node.localName === "a");
      if (!isKept) node.removeAttribute(name);
    }
  }
}

function rename(node, tag) {
  const renamed = node.ownerDocument.createElement(tag);
  renamed.append(...node.childNodes);
  node.replaceWith(renamed);
}

function wrapInside(node, tag) {
  const wrapper = node.ownerDocument.createElement(tag);
  wrapper.append(...node.childNodes);
  node.append(wrapper);
}

function unwrap(node) {
  node.replaceWith(...node.childNodes);
}
