import { chatState, streamUrl } from "./edge.js";

const FIRST_RETRY_MS = 1_000;
const RETRIES_MAX = 6;

/**
 * Reads one run to its end. A dropped connection is the browser's own business: EventSource comes
 * back with Last-Event-ID and the stream goes on where it was. But EventSource gives up for good on
 * an answer that is no stream (a draining or restarting server); then the run is read anew from its
 * start, and onRestart says that what came before is about to come again.
 */
export class Subscription {
  #chatId;
  #runId;
  #handlers;
  #source = null;
  #timer = 0;
  #failures = 0;

  /** handlers: onMessage(message), onRestart(), onConnection(up), onLost(words) */
  constructor(chatId, runId, handlers) {
    this.#chatId = chatId;
    this.#runId = runId;
    this.#handlers = handlers;
    this.#open(false);
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #open(again) {
    const source = new EventSource(streamUrl(this.#chatId, this.#runId));
    let restarting = again;
    this.#source = source;
    source.onopen = () => this.#handlers.onConnection(true);
    source.onmessage = ({ data }) => {
      if (restarting) {
        restarting = false;
        this.#handlers.onRestart();
      }
      this.#failures = 0;
      this.#handlers.onMessage(JSON.parse(data));
    };
    source.onerror = () => {
      if (this.#source !== source) {
        return;
      }
      this.#handlers.onConnection(false);
      if (source.readyState === EventSource.CLOSED) {
        this.#source = null;
        this.#later();
      }
    };
  }

  #later() {
    this.#failures += 1;
    if (this.#failures > RETRIES_MAX) {
      this.#handlers.onLost("The stream broke off and could not be opened again.");
      return;
    }
    const delayMs = FIRST_RETRY_MS * 2 ** (this.#failures - 1);
    this.#timer = setTimeout(() => this.#reopen(), delayMs);
  }

  async #reopen() {
    const timer = this.#timer;
    let missing = false;
    try {
      await chatState(this.#chatId);
    } catch (refusal) {
      missing = refusal.status === 404;
    }
    if (timer !== this.#timer) {
      return;
    }
    if (missing) {
      this.#handlers.onLost("The server no longer has this chat.");
    } else {
      this.#open(true);
    }
  }
}
