/* The editor that stands in for a textarea: toolbar, text, and the question for a link. */
import { Editor } from "django-prose-editor/editor";
import { LinkDialog } from "forum/editor/link-dialog";
import { PICTURES } from "forum/editor/picture";
import { extensions } from "forum/editor/preset";
import { Toolbar } from "forum/editor/toolbar";
import { cleanPaste } from "forum/editor/word-paste";

export class Surface {
  #source;
  #editor;
  #toolbar;
  #dialog;
  #verdict = new MutationObserver(() => this.#showVerdict());
  #box = document.createElement("div");

  constructor(source, settings, changed) {
    this.#source = source;
    const features = settings.features.split(" ");
    this.#editor = new Editor({
      element: this.#box,
      extensions: extensions(features, source.placeholder, settings),
      content: asHtml(source.value === source.defaultValue ? source.dataset.html : source.value),
      injectCSS: false, // the page's policy forbids it; css/components/editor.css has the rules
      onUpdate: changed,
      editorProps: {
        attributes: attributes(source),
        transformPastedHTML: cleanPaste,
        handleKeyDown: (_view, event) => this.#shortcut(event),
      },
    });
    this.#dialog = new LinkDialog(settings);
    this.#toolbar = new Toolbar(this.#editor, {
      features, labels: settings, icons: settings.icons, controls: this.element.id, askForLink: this.#askForLink,
    });
    this.#box.className = "rich-text__box";
    this.#box.prepend(this.#toolbar.element);
    source.before(this.#box);
    source.hidden = true;
    for (const label of source.labels) label.addEventListener("click", this.focus);
    this.#verdict.observe(source, { attributeFilter: ["aria-invalid"] });
    this.#showVerdict();
  }

  get element() {
    return this.#editor.view.dom;
  }

  get isEmpty() {
    return !this.#editor.getText().trim() && !this.#editor.view.dom.querySelector(`img[src^="${PICTURES}"]`);
  }

  get html() {
    return this.isEmpty ? "" : this.#editor.getHTML();
  }

  show(text) {
    this.#editor.commands.setContent(asHtml(text), { emitUpdate: false });
  }

  /* Behind everything typed, with the cursor in an empty line after it. */
  append(html) {
    const { isEmpty, state } = this.#editor;
    const content = `${html}<p></p>`;
    if (isEmpty) this.#editor.commands.setContent(content, { emitUpdate: true });
    else this.#editor.commands.insertContentAt(state.doc.content.size, content);
    this.focus();
  }

  focus = () => {
    this.#editor.commands.focus("end");
  };

  /* At once: the command waits for the next frame, and a key pressed until then would go nowhere. */
  takeFocus() {
    this.focus();
    this.#editor.view.focus();
  }

  insertPicture(attrs) {
    const picture = [{ type: "picture", attrs }, { type: "text", text: " " }];
    this.#editor.chain().focus().insertContent(picture).run();
  }

  dropPicture(src) {
    this.#editor.commands.command(({ tr }) => {
      const places = [];
      tr.doc.descendants((node, at) => {
        if (node.attrs.src === src) places.unshift(at);
      });
      for (const at of places) tr.delete(at, at + 1);
      return places.length > 0;
    });
  }

  destroy() {
    for (const label of this.#source.labels) label.removeEventListener("click", this.focus);
    this.#verdict.disconnect();
    this.#editor.destroy();
    this.#dialog.remove();
    this.#box.remove();
    this.#source.hidden = false;
  }

  /* A form marks its field, which is the textarea; who listens is in the editor. */
  #showVerdict() {
    const isInvalid = this.#source.getAttribute("aria-invalid") === "true";
    if (isInvalid) this.element.setAttribute("aria-invalid", "true");
    else this.element.removeAttribute("aria-invalid");
  }

  #shortcut(event) {
    const isLink = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    const isToolbar = event.altKey && event.key === "F10";
    if (isLink) this.#askForLink();
    if (isToolbar) this.#toolbar.focus();
    if (isLink || isToolbar) event.preventDefault();
    return isLink || isToolbar;
  }

  #askForLink = async () => {
    const href = await this.#dialog.ask(this.#editor.getAttributes("link").href ?? "");
    const chain = this.#editor.chain().focus();
    if (href === null) chain.run();
    else if (this.#editor.isActive("link")) changeLink(chain.extendMarkRange("link"), href).run();
    else if (!this.#editor.state.selection.empty) chain.setLink({ href }).run();
    else if (href) chain.insertContent(asLink(href)).run();
  };
}

function changeLink(chain, href) {
  return href ? chain.setLink({ href }) : chain.unsetLink();
}

function asLink(href) {
  const text = href.replace(/^mailto:/, "");
  return { type: "text", text, marks: [{ type: "link", attrs: { href } }] };
}

/* HTML stays; what a person typed before the editor was up becomes paragraphs. */
function asHtml(text) {
  if (text.startsWith("<")) return text;
  const paragraph = document.createElement("p");
  return text.split(/\n+/).filter(Boolean).map((line) => {
    paragraph.textContent = line;
    return paragraph.outerHTML;
  }).join("");
}

function attributes(source) {
  return {
    id: `${source.id}-editor`,
    class: "rich-text__words",
    role: "textbox",
    "aria-multiline": "true",
    "aria-labelledby": `${source.id}-label`,
    "aria-describedby": `${source.id}-errors`,
    spellcheck: "true",
    lang: document.documentElement.lang,
  };
}
