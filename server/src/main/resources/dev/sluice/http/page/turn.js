import { Steps } from "./steps.js";

const ERROR_WITHOUT_WORDS = "Something went wrong; the server did not say what.";

/** One question and what came of it. Plain data: it is kept across reloads as JSON. */
export class Turn {
  question;
  runId = null;
  state = "streaming";
  answer = "";
  reasoning = "";
  steps = new Steps();
  sources = [];
  gaps = [];
  usage = null;
  error = null;
  stopped = false;
  /** What was measured on the way; see arrivals.js. */
  figures = {};

  constructor(saved) {
    Object.assign(this, saved);
    this.steps = new Steps(saved.steps);
  }

  get streaming() {
    return this.state === "streaming";
  }

  clear() {
    const { question, runId, figures } = this;
    Object.assign(this, new Turn({ question, runId, figures }));
  }

  fail(words) {
    this.error = words;
    this.state = "error";
  }

  apply({ event, data, type, detail }) {
    switch (event) {
      case "token":
        this.#token(String(data), type);
        break;
      case "thinking":
        this.reasoning += typeof data === "string" ? data : "";
        break;
      case "start":
        this.clear();
        break;
      case "sourceDocuments":
        this.sources = [data].flat(Infinity).filter((source) => source !== null);
        break;
      case "usageMetadata":
        this.usage = data;
        break;
      case "metadata":
        this.question ??= typeof data?.question === "string" ? data.question : null;
        break;
      case "gap":
        this.gaps.push(data);
        break;
      case "error":
        this.error = plainWords(data, detail);
        break;
      case "abort":
        this.stopped = true;
        break;
      case "end":
        this.state = this.error ? "error" : this.stopped ? "stopped" : "done";
        break;
      default:
        this.steps.apply(event, data);
        break;
    }
  }

  #token(text, type) {
    if (type === "finalResponse") {
      this.answer += text;
    } else if (type === "toolResponse") {
      this.steps.toolResponse(text);
    } else {
      this.reasoning += text;
    }
  }
}

function plainWords(data, detail) {
  const words = typeof data === "string" && data ? data : ERROR_WITHOUT_WORDS;
  return detail?.retryable ? `${words} Asking again may help.` : words;
}
