#!/usr/bin/env node
// The runs of many chats, published over one open request, with the fetch of node 20 or newer.
//
//     node publish-many.mjs http://127.0.0.1:8080 CHAT CHAT CHAT
import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

const [url, ...chats] = process.argv.slice(2);

// Your agent goes here: anything that has something to say to its chat, piece by piece.
async function* agent(chatId) {
  const run = `run-${crypto.randomUUID()}`;
  const event = (event, data, more = {}) => ({ chatId, run, event, data, ...more });
  yield event("start", "");
  for (const word of `✓ This is the answer to ${chatId}.`.split(" ")) {
    await sleep(20);
    yield event("token", word + " ", { type: "finalResponse" });
  }
  yield event("metadata", { chatId });
  yield event("end", "[DONE]");
}

const queue = []; // events that wait to be sent
const stopped = new Set(); // runs that a reader has stopped
const news = new EventEmitter();
let running = chats.length;

chats.forEach(async (chatId) => {
  for await (const event of agent(chatId)) {
    if (stopped.has(event.run)) {
      break;
    }
    queue.push(event);
    news.emit("news");
  }
  running -= 1;
  news.emit("news");
});

async function* lines(request) {
  while (!request.answered) {
    if (queue.length > 0) {
      request.sent.push(queue.shift());
      yield JSON.stringify(request.sent.at(-1)) + "\n";
    } else if (running > 0) {
      await once(news, "news");
    } else {
      return;
    }
  }
}

for (;;) {
  const request = { sent: [], answered: false };
  const answer = await fetch(`${url}/v1/events`, {
    method: "POST",
    headers: { "Content-Type": "application/x-ndjson" },
    body: ReadableStream.from(lines(request)).pipeThrough(new TextEncoderStream()),
    duplex: "half",
  });
  request.answered = true;
  const result = await answer.json();
  console.log(JSON.stringify(result));
  if (result.code !== "run_stopped") {
    process.exit(answer.ok ? 0 : 1);
  }
  // The lines before the refused one stand. Its run is over; what the others said since goes again.
  const [refused, ...unsent] = request.sent.slice(result.line - 1);
  stopped.add(refused.run);
  queue.unshift(...unsent.filter(({ run }) => run !== refused.run));
}
