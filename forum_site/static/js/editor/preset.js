/* What the editor can do: one name of data-features, one entry here. */
import {
  Blockquote, Bold, BulletList, Document, HardBreak, Heading, History, Italic, Link, ListItem,
  OrderedList, Paragraph, Placeholder, Text,
} from "django-prose-editor/editor";
import { Mention, suggestions } from "forum/editor/mention";
import { Picture } from "forum/editor/picture";

const HEADING_LEVEL = 3;

const isAtStart = (editor) => {
  const { empty, $from } = editor.state.selection;
  return empty && $from.parentOffset === 0;
};

// As in Word, Tab moves an item deeper at its beginning only; elsewhere it leaves the field.
const Item = ListItem.extend({
  addKeyboardShortcuts() {
    return {
      Enter: () => this.editor.commands.splitListItem(this.name),
      Tab: () => isAtStart(this.editor) && this.editor.commands.sinkListItem(this.name),
      "Shift-Tab": () => isAtStart(this.editor) && this.editor.commands.liftListItem(this.name),
    };
  },
});

// The server keeps neither a list's start nor its kind of numbers, so the editor shows neither.
const Numbered = OrderedList.extend({
  addAttributes: () => ({}),
  addNodeView: null,
  addKeyboardShortcuts() {
    return { "Mod-Shift-7": () => this.editor.commands.toggleOrderedList() };
  },
});

const Address = Link.extend({ addKeyboardShortcuts: () => ({}) }).configure({
  openOnClick: false,
  enableTarget: false,
  defaultProtocol: "https",
  HTMLAttributes: { target: null, rel: null, class: null },
  shouldAutoLink: (text) => /^(https?:\/\/|www\.)/i.test(text),
  isAllowedUri: (href) => /^(https?:\/\/|mailto:)/i.test(href),
});

const FEATURES = {
  bold: [Bold],
  italic: [Italic],
  heading: [Heading.configure({ levels: [HEADING_LEVEL] })],
  bullet_list: [BulletList, Item],
  ordered_list: [Numbered, Item],
  blockquote: [Blockquote],
  link: [Address],
  picture: [Picture],
};

export function extensions(features, placeholder, settings) {
  const chosen = features.flatMap((name) => FEATURES[name] ?? []);
  const names = settings.mentions ? [Mention, suggestions(settings)] : [Mention];
  const frame = [Document, Paragraph, Text, HardBreak, History, ...names];
  return [...frame, Placeholder.configure({ placeholder }), ...new Set(chosen)];
}

/* How each tool of the toolbar acts, and how it knows that it is on. */
export const TOOLS = {
  bold: { icon: "bold", run: (chain) => chain.toggleBold(), on: ["bold"] },
  italic: { icon: "italic", run: (chain) => chain.toggleItalic(), on: ["italic"] },
  heading: {
    icon: "heading",
    run: (chain) => chain.toggleHeading({ level: HEADING_LEVEL }),
    on: ["heading"],
  },
  bullet_list: { icon: "list", run: (chain) => chain.toggleBulletList(), on: ["bulletList"] },
  ordered_list: {
    icon: "list-ordered",
    run: (chain) => chain.toggleOrderedList(),
    on: ["orderedList"],
  },
  blockquote: { icon: "quote", run: (chain) => chain.toggleBlockquote(), on: ["blockquote"] },
  link: { icon: "link", on: ["link"] },
};
