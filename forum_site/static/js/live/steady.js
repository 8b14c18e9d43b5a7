/** Keeps the text that is being read where it is while the page grows above it. */

const ANCHORS = "[data-kind][id]";

/** Does the work; without scroll anchoring it then scrolls by as much as the text was moved. */
export function keepSteady(work) {
  if (CSS.supports("overflow-anchor", "auto")) return work();
  const anchor = [...document.querySelectorAll(ANCHORS)].find(isInView);
  const before = anchor?.getBoundingClientRect().top;
  const result = work();
  if (anchor?.isConnected) scrollBy(0, anchor.getBoundingClientRect().top - before);
  return result;
}

/** Moves focus without a jump: the page scrolls only as far as the element is out of sight. */
export function focusGently(element) {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

function isInView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > 0 && top < innerHeight;
}
