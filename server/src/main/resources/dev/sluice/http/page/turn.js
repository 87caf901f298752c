/** What apply() says has changed, so that a token costs no more than itself. */
export const Change = { ANSWER: "answer", REASONING: "reasoning", OTHER: "other" };

const ERROR_WITHOUT_WORDS = "Something went wrong; the server did not say what.";

/** One question and what came of it. Plain data: it is kept across reloads as JSON. */
export class Turn {
  question;
  runId = null;
  state = "streaming";
  answer = "";
  reasoning = "";
  tools = [];
  gaps = [];
  error = null;
  stopped = false;

  constructor(saved) {
    Object.assign(this, saved);
  }

  get streaming() {
    return this.state === "streaming";
  }

  clear() {
    Object.assign(this, new Turn({ question: this.question, runId: this.runId }));
  }

  fail(words) {
    this.error = words;
    this.state = "error";
  }

  apply({ event, data, type, detail }) {
    switch (event) {
      case "token":
        return this.#token(String(data), type);
      case "start":
        this.clear();
        break;
      case "tool":
        this.tools.push({ ...tool(data), response: true });
        break;
      case "calledTools":
      case "usedTools":
        this.#toolList(data);
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
        break;
    }
    return Change.OTHER;
  }

  #token(text, type) {
    if (type === "finalResponse") {
      this.answer += text;
      return Change.ANSWER;
    }
    if (type === "toolResponse") {
      const last = this.tools.at(-1);
      if (last?.streamed) {
        last.detail += text;
      } else {
        this.tools.push({ name: "tool", detail: text, response: true, streamed: true });
      }
      return Change.OTHER;
    }
    this.reasoning += text;
    return Change.REASONING;
  }

  /** Some producers send the whole list each time, others only what is new. */
  #toolList(data) {
    for (const entry of [data].flat().map(tool)) {
      const same = (other) => other.name === entry.name && other.detail === entry.detail;
      if (!this.tools.some(same)) {
        this.tools.push(entry);
      }
    }
  }
}

function tool(data) {
  const name =
    data?.tool ?? data?.name ?? data?.toolName ?? data?.function?.name ?? "tool";
  return {
    name: typeof name === "string" ? name : "tool",
    detail: typeof data === "string" ? data : JSON.stringify(data, null, 2),
  };
}

function plainWords(data, detail) {
  const words = typeof data === "string" && data ? data : ERROR_WITHOUT_WORDS;
  return detail?.retryable ? `${words} Asking again may help.` : words;
}
