/* A thin row of buttons above the text: one stop for Tab, arrows move inside it. */
import { TOOLS } from "forum/editor/preset";

const SVG = "http://www.w3.org/2000/svg";

export class Toolbar {
  #editor;
  #buttons = new Map();

  constructor(editor, { features, labels, icons, controls, askForLink }) {
    this.#editor = editor;
    this.element = document.createElement("div");
    this.element.className = "rich-text__toolbar";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", labels.labelToolbar);
    this.element.setAttribute("aria-controls", controls);
    for (const name of features.filter((feature) => feature in TOOLS)) {
      const act = name === "link" ? askForLink : () => this.#run(name);
      this.#add(name, labels[`label${name[0].toUpperCase()}${name.slice(1)}`], icons, act);
    }
    this.#stopAt([...this.#buttons.values()][0]);
    this.element.addEventListener("keydown", this.#move);
    editor.on("transaction", this.#show);
    this.#show();
  }

  focus() {
    this.element.querySelector("[tabindex='0']")?.focus();
  }

  #add(name, label, icons, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "rich-text__tool", title: label });
    button.setAttribute("aria-label", label);
    button.append(drawing(`${icons}#${TOOLS[name].icon}`));
    // The text keeps its selection, and a phone its keyboard.
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", act);
    this.#buttons.set(name, button);
    this.element.append(button);
  }

  #run(name) {
    TOOLS[name].run(this.#editor.chain().focus()).run();
  }

  #show = () => {
    for (const [name, button] of this.#buttons) {
      const isOn = TOOLS[name].on.some((kind) => this.#editor.isActive(kind));
      button.setAttribute("aria-pressed", String(isOn));
    }
  };

  #move = (event) => {
    const buttons = [...this.#buttons.values()];
    const at = buttons.indexOf(document.activeElement);
    const last = buttons.length - 1;
    const goals = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: last };
    if (event.key === "Escape") this.#editor.commands.focus();
    if (!(event.key in goals)) return;
    event.preventDefault();
    const goal = buttons[(goals[event.key] + buttons.length) % buttons.length];
    this.#stopAt(goal);
    goal.focus();
  };

  #stopAt(stop) {
    for (const button of this.#buttons.values()) button.tabIndex = button === stop ? 0 : -1;
  }
}

function drawing(href) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("width", "20");
  svg.setAttribute("height", "20");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", href);
  svg.append(use);
  return svg;
}
