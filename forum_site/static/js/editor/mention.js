/* A member or an organization called by "@": one unbreakable piece of the text, kept by its key.
   The server puts in the name of today (forum/lib/mentions.py). */
import { Extension, Node, Plugin } from "django-prose-editor/editor";
import { MentionList } from "forum/editor/mention-list";

const KEY = /^(member|organization)-[1-9]\d{0,8}$/;
const NAME_MAX_CHARS = 40; // of what is typed: longer than that it is no name that is looked for
// An "@" at the beginning of a word, and what is typed behind it: words with one space between.
const CALL = /(?:^|[\s("„«/￼])@((?:[\p{L}\p{N}.'’–-]+ ?)*)$/u;

export const Mention = Node.create({
  name: "mention",
  group: "inline",
  inline: true,
  atom: true,
  selectable: false,
  addAttributes: () => ({ key: { default: "", rendered: false }, name: { default: "", rendered: false } }),
  parseHTML: () => [{ tag: "[data-mention]", priority: 60, getAttrs: attributesOf }],
  renderHTML: ({ node }) => ["span", { "data-mention": node.attrs.key, class: "mention" }, `@${node.attrs.name}`],
  renderText: ({ node }) => `@${node.attrs.name}`,
});

/* Opens the list while a name is typed. `settings` are those of the field: address and sentences. */
export const suggestions = (settings) => Extension.create({
  name: "mentionSuggestions",
  priority: 1000, // before Enter parts the paragraph and Tab sinks the item
  addProseMirrorPlugins() {
    return [new Plugin({ view: (view) => new Watch(view, settings), props: keysToList() })];
  },
});

class Watch {
  #view;

  constructor(view, settings) {
    this.#view = view;
    this.list = new MentionList(view.dom, settings, (found, call) => this.#take(found, call));
    lists.set(view, this.list);
    view.dom.addEventListener("blur", this.#close);
  }

  update(view, before) {
    if (before && before.doc.eq(view.state.doc) && before.selection.eq(view.state.selection)) return;
    const call = view.hasFocus() && !view.composing ? callAt(view.state.selection) : null;
    if (call) this.list.look(call, view.coordsAtPos(call.from));
    else this.list.leave();
  }

  destroy() {
    this.#view.dom.removeEventListener("blur", this.#close);
    lists.delete(this.#view);
    this.list.remove();
  }

  #close = () => this.list.close();

  #take({ key, name }, { from, to }) {
    const { state } = this.#view;
    const mention = state.schema.nodes.mention.create({ key, name });
    this.#view.dispatch(state.tr.replaceWith(from, to, [mention, state.schema.text(" ")]).scrollIntoView());
    this.#view.focus();
  }
}

const lists = new WeakMap();

function keysToList() {
  return { handleKeyDown: (view, event) => lists.get(view)?.press(event) ?? false };
}

/* The "@…" that ends at the cursor: `{from, to, wish}`, or null. */
function callAt({ empty, $from }) {
  if (!empty) return null;
  const begun = Math.max(0, $from.parentOffset - NAME_MAX_CHARS);
  const text = $from.parent.textBetween(begun, $from.parentOffset, null, "￼");
  const call = CALL.exec(text);
  if (!call) return null;
  return { from: $from.pos - call[1].length - 1, to: $from.pos, wish: call[1] };
}

function attributesOf(element) {
  const key = element.dataset.mention;
  const name = element.textContent.trim().replace(/^@/, "");
  return KEY.test(key) && name ? { key, name } : false;
}
