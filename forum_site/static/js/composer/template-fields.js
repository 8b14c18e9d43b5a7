/** The fields of a thread's form, by their keys; what is ticked is kept as words with spaces. */

const PREFIX = "field_";

/** `{key: value}` of every field that holds something. */
export function readFilled(form) {
  const filled = {};
  for (const field of fieldsOf(form)) {
    const key = field.name.slice(PREFIX.length);
    if (field.type === "checkbox" ? !field.checked : field.value === "") continue;
    filled[key] = key in filled ? `${filled[key]} ${field.value}` : field.value;
  }
  return filled;
}

export function writeFilled(form, filled) {
  for (const field of fieldsOf(form)) {
    const value = filled[field.name.slice(PREFIX.length)] ?? "";
    if (field.type === "checkbox") field.checked = value.split(" ").includes(field.value);
    else field.value = value;
  }
}

function fieldsOf(form) {
  return [...form.elements].filter(({ name }) => name?.startsWith(PREFIX));
}
