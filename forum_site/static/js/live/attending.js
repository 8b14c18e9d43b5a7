/** Who else reads and writes, as far as the socket tells; and where this page says that it writes. */

class Attending extends EventTarget {
  /** The event `told` carries the frame. */
  tell(frame) {
    this.dispatchEvent(new CustomEvent("told", { detail: frame }));
  }

  /** `voice` is the pk of an organization, 0 for one's own voice, null when the writing stopped. */
  write(stream, voice) {
    this.dispatchEvent(new CustomEvent("writing", { detail: { [stream]: voice } }));
  }
}

export const presence = new Attending();
