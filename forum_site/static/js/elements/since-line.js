/** The line of a list above which everything is newer than the last visit: it stays at its place. */

function place(line) {
  const rows = [...line.parentElement.querySelectorAll(":scope > [data-kind=thread]")];
  const older = rows.find((row) => row.dataset.key <= line.dataset.since);
  line.hidden = older === undefined;
  if (older && older.previousElementSibling !== line) older.before(line);
}

document.addEventListener("live:applied", () => document.querySelectorAll("[data-since]").forEach(place));
