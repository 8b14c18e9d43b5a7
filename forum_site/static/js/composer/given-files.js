/** Files that are dropped on the form or pasted into it. */

export function isCarrying(event) {
  return [...(event.dataTransfer?.types ?? [])].includes("Files");
}

/** The files on the clipboard; none where it also holds text, as a copy from Word does. */
export function pastedFiles({ clipboardData }) {
  if (!clipboardData || [...clipboardData.types].includes("text/plain")) return [];
  return [...clipboardData.files];
}
