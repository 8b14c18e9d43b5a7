/** Who speaks on this page of the thread: voices of posts that arrive come to the list. */

class PeopleHere extends HTMLElement {
  connectedCallback() {
    document.addEventListener("live:applied", this.#look);
  }

  disconnectedCallback() {
    document.removeEventListener("live:applied", this.#look);
  }

  #look = () => {
    const list = this.querySelector("ul");
    const known = new Set([...list.children].map(({ dataset }) => dataset.voice));
    for (const post of document.querySelectorAll("#posts > .post[data-voice]")) {
      const { voice } = post.dataset;
      if (known.has(voice) || list.children.length >= Number(this.dataset.limit)) continue;
      known.add(voice);
      list.append(lineOf(post));
    }
  };
}

function lineOf(post) {
  const line = document.createElement("li");
  line.dataset.voice = post.dataset.voice;
  const avatar = post.querySelector(".avatar").cloneNode(true);
  avatar.dataset.size = "s";
  const name = document.createElement("span");
  name.textContent = post.dataset.voice;
  line.append(avatar, " ", name);
  return line;
}

customElements.define("people-here", PeopleHere);
