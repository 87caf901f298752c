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
  #lastId = "";
  #interrupted = false;

  /**
   * handlers: onMessage(message, id), onRestart(), onInterrupted(lastId), onConnected(),
   * onResumed(lastId, id), onLost(words)
   */
  constructor(chatId, runId, handlers) {
    this.#chatId = chatId;
    this.#runId = runId;
    this.#handlers = handlers;
    this.#open();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  /** Cuts the connection, as a tunnel would. */
  cut() {
    this.close();
    this.#interrupt();
  }

  /** Connects again after a cut, and asks for what follows the last event that came. */
  resume() {
    if (!this.#source) {
      this.#open(this.#lastId);
    }
  }

  #open(lastId = "", anew = false) {
    clearTimeout(this.#timer);
    const source = new EventSource(streamUrl(this.#chatId, this.#runId, lastId));
    let restarting = anew;
    this.#source = source;
    source.onopen = () => this.#handlers.onConnected();
    source.onmessage = ({ data, lastEventId }) => {
      if (restarting) {
        restarting = false;
        this.#interrupted = false;
        this.#handlers.onRestart();
      }
      this.#failures = 0;
      this.#noteId(lastEventId);
      this.#handlers.onMessage(JSON.parse(data), lastEventId);
    };
    source.onerror = () => {
      if (this.#source !== source) {
        return;
      }
      this.#interrupt();
      if (source.readyState === EventSource.CLOSED) {
        this.#source = null;
        this.#later();
      }
    };
  }

  #interrupt() {
    this.#interrupted = true;
    this.#handlers.onInterrupted(this.#lastId);
  }

  #noteId(id) {
    const before = this.#lastId;
    this.#lastId = id;
    if (this.#interrupted) {
      this.#interrupted = false;
      if (before) {
        this.#handlers.onResumed(before, id);
      }
    }
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
      this.#open("", true);
    }
  }
}
