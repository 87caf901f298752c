const GAPS_KEPT = 120;

/**
 * What a reader can measure of a run: when its frames came. Times are in ms, of performance.now().
 * A frame's id says how many events it stands for; in a chat with several runs at once that counts
 * the others' too.
 */
export class Arrivals {
  #askedAt;
  #lastId = null;
  #lastAt = null;
  #firstTokenAt = null;
  #lastTokenAt = null;
  #tokensAfterFirst = 0;
  #tokens = 0;
  #gaps = [];
  #longest = 0;

  /** askedAt: when the question was asked, or null if that was not here */
  constructor(askedAt = null) {
    this.#askedAt = askedAt;
  }

  arrived(event, id, now) {
    if (this.#lastAt !== null) {
      this.#gap(now - this.#lastAt);
    }
    this.#lastAt = now;
    if (event === "token") {
      this.#token(this.#eventsSince(id), now);
    }
    this.#lastId = id || this.#lastId;
  }

  get figures() {
    const spanMs = this.#lastTokenAt - this.#firstTokenAt;
    const sorted = this.#gaps.toSorted((one, other) => one - other);
    return {
      firstTokenMs:
        this.#askedAt === null || this.#firstTokenAt === null
          ? null
          : this.#firstTokenAt - this.#askedAt,
      tokens: this.#tokens,
      tokensPerSecond:
        this.#tokensAfterFirst > 0 && spanMs > 0 ? (1000 * this.#tokensAfterFirst) / spanMs : null,
      gaps: this.#gaps.map((gap) => Math.round(gap * 10) / 10),
      medianGapMs: sorted[sorted.length >> 1] ?? null,
      longestGapMs: this.#longest,
    };
  }

  #gap(ms) {
    this.#gaps.push(ms);
    if (this.#gaps.length > GAPS_KEPT) {
      this.#gaps.shift();
    }
    this.#longest = Math.max(this.#longest, ms);
  }

  /** The first frame may stand for all that was before: it says nothing about the pace. */
  #token(events, now) {
    this.#tokens += events;
    if (this.#firstTokenAt === null) {
      this.#firstTokenAt = now;
    } else {
      this.#tokensAfterFirst += events;
    }
    this.#lastTokenAt = now;
  }

  #eventsSince(id) {
    return this.#lastId && id ? Math.max(1, offsetOf(id) - offsetOf(this.#lastId)) : 1;
  }
}

/** Of an id only the offset says something to people. */
export const offsetOf = (id) => Number(String(id).split("-").at(-1));
