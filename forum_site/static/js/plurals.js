/** Sentences with a number, taken from data attributes and filled by the language's own rules. */

/**
 * The sentence for this count: `data-one`, `data-few`, `data-many` or `data-other` of the element
 * (with a prefix: `data-later-one` and so on), with `{count}` filled in.
 */
export function sentence(element, count, prefix = "") {
  const language = document.documentElement.lang || "pl";
  const forms = [new Intl.PluralRules(language).select(count), "other", "many"];
  const text = forms.map((form) => element.dataset[key(prefix, form)]).find((found) => found);
  return (text ?? "").replace("{count}", count.toLocaleString(language));
}

function key(prefix, form) {
  return prefix ? prefix + form[0].toUpperCase() + form.slice(1) : form;
}
