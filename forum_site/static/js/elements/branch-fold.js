/** Opens a fold in place. One listener for all folds: they come and go with fragments. */

import { unfold } from "forum/live/apply";
import { focusGently } from "forum/live/steady";

document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".fold[data-root] a");
  if (!link || event.defaultPrevented || isForAnotherTab(event)) return;
  event.preventDefault();
  open(link);
});

async function open(link) {
  const fold = link.closest(".fold");
  if (fold.ariaBusy === "true") return;
  fold.ariaBusy = "true";
  try {
    const response = await fetch(link.href, { headers: { "X-Fragment": "1" }, cache: "no-store" });
    if (!response.ok) throw new Error(`the branch answered ${response.status}`);
    const shown = unfold(fold, await response.text());
    const first = shown.find((element) => element.matches("[data-kind=post]"));
    if (first) focusGently(first);
  } catch {
    // The link's own page shows the branch, or says why not.
    location.assign(link.href);
  } finally {
    fold.ariaBusy = null;
  }
}

function isForAnotherTab({ button, ctrlKey, metaKey, shiftKey }) {
  return button !== 0 || ctrlKey || metaKey || shiftKey;
}
