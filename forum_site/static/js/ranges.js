/** Sets of post numbers as the server writes them: "1-20 25". */

/** Whether the number is in the text's set. */
export function has(text, number) {
  return spans(text).some(([first, last]) => first <= number && number <= last);
}

/** The numbers as text. */
export function asText(numbers) {
  return [...numbers].sort((one, other) => one - other).join(" ");
}

function spans(text) {
  return text.split(/\s+/).filter(Boolean).map((part) => {
    const [first, last = first] = part.split("-").map(Number);
    return [first, last];
  });
}
