const NEAR_PX = 80;

/** Follows what grows, for a reader who is at its end anyway. */
export class EndOfPage {
  #box;
  #following = true;
  #lastTop = 0;

  constructor(box) {
    this.#box = box;
    box.addEventListener("scroll", () => this.#onScroll(), { passive: true });
  }

  go() {
    this.#following = true;
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  follow() {
    if (this.#following) {
      this.#box.scrollTop = this.#box.scrollHeight;
    }
  }

  /** Text that grows below the end is no reason to stop following; scrolling up is. */
  #onScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#box;
    const atEnd = scrollHeight - scrollTop - clientHeight < NEAR_PX;
    this.#following = scrollTop < this.#lastTop ? atEnd : this.#following || atEnd;
    this.#lastTop = scrollTop;
  }
}
