/** Sound, and the run's own bookkeeping: nothing to read. */
const SILENT = new Set(["tts_start", "tts_data", "tts_end", "agentFlowEvent"]);

/**
 * What an agent did on its way to the answer, in the order in which it was told: tool calls, the
 * agents that took part, and events that this page has no better place for. Plain data.
 */
export class Steps {
  list = [];
  /** Goes up with each change, so that one can see that there was one. */
  version = 0;

  constructor(saved) {
    Object.assign(this, saved);
  }

  apply(event, data) {
    if (SILENT.has(event)) {
      return;
    }
    this.version += 1;
    switch (event) {
      case "tool":
      case "calledTools":
      case "usedTools":
        this.#tools(data);
        break;
      case "agentReasoning":
        this.#agents(data);
        break;
      case "nextAgent":
        this.list.push({ kind: "next", name: nameOf(data, "agent") });
        break;
      case "nextAgentFlow":
      case "agentFlowExecutedData":
        this.#nodes(data);
        break;
      default:
        this.list.push({ kind: "event", name: event, detail: pretty(data) });
        break;
    }
  }

  /** A piece of what the latest tool says. */
  toolResponse(text) {
    this.version += 1;
    let tool = this.list.at(-1);
    if (tool?.kind !== "tool") {
      tool = { kind: "tool", name: "tool", input: "", output: "" };
      this.list.push(tool);
    }
    tool.output += text;
  }

  /** The same call is told several times: when it is made, and again with what it gave. */
  #tools(data) {
    for (const entry of entries(data)) {
      const told = toolOf(entry);
      const known = this.list.find((step) => step.kind === "tool" && sameCall(step, told));
      if (known) {
        known.output = told.output || known.output;
        known.error = told.error || known.error;
      } else {
        this.list.push(told);
      }
    }
  }

  /** The event carries all agents so far. */
  #agents(data) {
    const told = entries(data);
    const known = this.list.filter(({ kind }) => kind === "agent");
    told.forEach((entry, index) => {
      const step = agentOf(entry);
      if (known[index]) {
        Object.assign(known[index], step);
      } else {
        this.list.push(step);
      }
      this.#tools(entry?.usedTools ?? []);
    });
  }

  #nodes(data) {
    for (const entry of entries(data)) {
      const step = {
        kind: "node",
        id: entry?.nodeId ?? nameOf(entry, "node"),
        name: entry?.nodeLabel ?? nameOf(entry, "node"),
        status: typeof entry?.status === "string" ? entry.status.toLowerCase() : "",
        detail: entry?.data === undefined ? "" : pretty(entry.data),
      };
      const known = this.list.find(({ kind, id }) => kind === "node" && id === step.id);
      if (known) {
        Object.assign(known, step, { detail: step.detail || known.detail });
      } else {
        this.list.push(step);
      }
    }
  }
}

const entries = (data) => [data].flat(Infinity).filter((entry) => entry ?? false);

function toolOf(data) {
  if (typeof data !== "object") {
    return { kind: "tool", id: null, name: "tool", input: "", output: String(data), error: "" };
  }
  const call = data.function ?? data;
  const input = data.toolInput ?? data.input ?? data.args ?? call.arguments ?? "";
  const output = data.toolOutput ?? data.output ?? data.result ?? "";
  const told = input !== "" || output !== "";
  return {
    kind: "tool",
    id: data.toolCallId ?? data.id ?? null,
    name: nameOf(data, "tool"),
    input: told ? pretty(input) : pretty(data),
    output: told ? pretty(output) : "",
    error: typeof data.error === "string" ? data.error : "",
  };
}

const sameCall = (one, other) =>
  one.name === other.name &&
  (one.id && other.id ? one.id === other.id : one.input !== "" && one.input === other.input);

function agentOf(data) {
  const said = [data.messages ?? data.instructions ?? []].flat();
  return {
    kind: "agent",
    name: data.agentName ?? nameOf(data, "agent"),
    detail: typeof data === "string" ? data : said.map(pretty).filter(Boolean).join("\n\n"),
  };
}

function nameOf(data, otherwise) {
  const names = [
    typeof data === "string" ? data : null,
    data?.tool,
    data?.name,
    data?.toolName,
    data?.function?.name,
    data?.agentName,
    data?.nodeName,
    data?.nextAgent,
  ];
  return names.find((name) => typeof name === "string" && name) ?? otherwise;
}

function pretty(data) {
  if (typeof data === "string") {
    return data;
  }
  return data === null || data === undefined ? "" : JSON.stringify(data, null, 2);
}
