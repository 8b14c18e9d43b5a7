/* A picture in the text: only one that was attached here; the server knows its description. */
import { Node } from "django-prose-editor/editor";

export const PICTURES = "/attachments/";

export const Picture = Node.create({
  name: "picture",
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,

  addAttributes: () => ({ src: { default: null }, alt: { default: "" } }),
  parseHTML: () => [{ tag: `img[src^="${PICTURES}"]` }],
  renderHTML: ({ HTMLAttributes }) => ["img", HTMLAttributes],
});
