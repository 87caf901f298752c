import { Arrivals, offsetOf } from "./arrivals.js";
import { awaitedUrl } from "./edge.js";
import { Subscription } from "./subscription.js";

const CUT_MS = 3_000;
const MEASURE_AGAIN_MS = 200;

/** Reads one run into its turn, and measures it. */
export class Reader {
  #turn;
  #handlers;
  #arrivals;
  #subscription;
  #measuredAt = 0;
  #cutTimer = 0;

  /**
   * handlers: onChange(), onAnew(), onEnd(), onNote(words), onCut(whether)
   *
   * @param askedAt when the question was asked, if that was here; else null
   */
  constructor(chatId, turn, askedAt, handlers) {
    this.#turn = turn;
    this.#handlers = handlers;
    this.#arrivals = new Arrivals(askedAt);
    this.#subscription = new Subscription(chatId, turn.runId, {
      onMessage: (message, id) => this.#message(message, id),
      onRestart: () => this.#restart(askedAt),
      onConnected: () => handlers.onNote(""),
      onInterrupted: () => handlers.onNote("The connection is gone. Trying to go on where it was…"),
      onResumed: (lastId, id) => handlers.onNote(resumed(lastId, id)),
      onLost: (words) => this.#lost(words),
    });
  }

  close() {
    clearTimeout(this.#cutTimer);
    this.#subscription.close();
  }

  /** Cuts the connection for a while; the run goes on without us. */
  cut() {
    this.#subscription.cut();
    this.#handlers.onNote(`The connection is cut for ${CUT_MS / 1000} seconds. The answer goes on.`);
    this.#handlers.onCut(true);
    this.#cutTimer = setTimeout(() => this.mend(), CUT_MS);
  }

  /** Ends the cut, if there is one. */
  mend() {
    clearTimeout(this.#cutTimer);
    this.#handlers.onCut(false);
    this.#subscription.resume();
  }

  #message(message, id) {
    const now = performance.now();
    const ended = message.event === "end";
    this.#arrivals.arrived(message.event, id, now);
    this.#turn.apply(message);
    if (ended || now - this.#measuredAt > MEASURE_AGAIN_MS) {
      this.#measuredAt = now;
      this.#measure();
    }
    if (ended) {
      this.#handlers.onEnd();
    } else {
      this.#handlers.onChange();
    }
  }

  /** When the first token came is known only to the page that asked, and kept over a reload. */
  #measure() {
    const { figures } = this.#arrivals;
    const firstTokenMs = figures.firstTokenMs ?? this.#turn.figures.firstTokenMs ?? null;
    this.#turn.figures = { ...figures, firstTokenMs };
  }

  #restart(askedAt) {
    this.#arrivals = new Arrivals(askedAt);
    this.#turn.clear();
    this.#handlers.onAnew();
  }

  #lost(words) {
    this.#turn.fail(words);
    this.#handlers.onEnd();
  }
}

function resumed(lastId, id) {
  const missed = offsetOf(id) - offsetOf(lastId);
  const came = missed === 1 ? "One event was" : `${missed} events were`;
  return `Resumed at id ${lastId}. ${came} waiting there; nothing is lost.`;
}

/** Waits for the first event of a chat that does not exist yet. Returns how to stop that. */
export function awaitFirstEvent(chatId, onEvent, onRefused) {
  const source = new EventSource(awaitedUrl(chatId));
  source.onmessage = () => {
    source.close();
    onEvent();
  };
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) {
      onRefused();
    }
  };
  return () => source.close();
}
