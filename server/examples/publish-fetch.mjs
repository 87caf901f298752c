#!/usr/bin/env node
// One agent run, published over one open request, with the fetch of node 20 or newer.
//
//     node publish-fetch.mjs http://127.0.0.1:8080 CHAT
import { setTimeout as sleep } from "node:timers/promises";

const [url, chat] = process.argv.slice(2);
const run = `run-${crypto.randomUUID()}`;
const HEARTBEAT_MS = 1000;

const event = (name, data, more = {}) =>
  JSON.stringify({ event: name, data, run, ...more }) + "\n";

// Your model goes here: anything that hands out text piece by piece.
async function* tokens(text, type) {
  for (const word of text.split(" ")) {
    await sleep(20);
    yield event("token", word + " ", { type });
  }
}

// Your tool goes here: anything that takes its time.
const serverInfo = async () => (await fetch(`${url}/v1/info`)).json();

// Blank lines while the work takes its time: the run is not idle, and nobody is sent anything.
async function* heartbeatsUntil(work) {
  const done = work.then(() => true, () => true);
  while (!(await Promise.race([done, sleep(HEARTBEAT_MS)]))) {
    yield "\n";
  }
}

async function* agent() {
  yield event("start", "");
  yield* tokens("They ask for the version. The researcher can look it up.", "agentReasoning");

  yield event("nextAgent", "researcher");
  const call = { tool: "server_info", toolInput: { path: "/v1/info" } };
  yield event("calledTools", [{ ...call, toolOutput: "" }]);
  const work = serverInfo();
  yield* heartbeatsUntil(work);
  const { name, version } = await work;
  const found = `${name} ${version}`;
  yield event("tool", { ...call, toolOutput: found });
  yield* tokens("That is all I need.", "agentReasoning");

  yield event("sourceDocuments", [{ pageContent: found, metadata: { source: "/v1/info" } }]);
  yield* tokens(`✓ This server is ${found}.`, "finalResponse");
  yield event("usageMetadata", { input_tokens: 12, output_tokens: 24, total_tokens: 36 });
  yield event("metadata", { chatId: chat });
  yield event("end", "[DONE]");
}

const lines = agent();
const answer = await fetch(`${url}/v1/chats/${encodeURIComponent(chat)}/events`, {
  method: "POST",
  headers: { "Content-Type": "application/x-ndjson" },
  body: ReadableStream.from(lines).pipeThrough(new TextEncoderStream()),
  duplex: "half",
});
// The answer begins before the last line was sent only if there is a reason to stop sending: a line
// was refused, or {"stop":RUN} says that a reader pressed stop. Then fetch is there at once.
let said = "";
let stopped = false;
for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
  said += text;
  stopped = said.includes('{"stop":');
  if (stopped) {
    break;
  }
}
console.log(said.trim());
process.exit(answer.ok && !stopped ? 0 : 1); // elsewhere: abort your model's call, lines.return()
