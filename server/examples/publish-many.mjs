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

async function* lines() {
  while (running > 0 || queue.length > 0) {
    if (queue.length > 0) {
      yield JSON.stringify(queue.shift()) + "\n";
    } else {
      await once(news, "news");
    }
  }
}

const answer = await fetch(`${url}/v1/events`, {
  method: "POST",
  headers: { "Content-Type": "application/x-ndjson" },
  body: ReadableStream.from(lines()).pipeThrough(new TextEncoderStream()),
  duplex: "half",
});

// The answer is there when all is sent; or before, when a run is stopped: one line for each of those,
// the rest at the end. What is still under way of a stopped run is dropped, and costs the others
// nothing.
let last = {};
let rest = "";
for await (const text of answer.body.pipeThrough(new TextDecoderStream())) {
  rest += text;
  for (let end = rest.indexOf("\n"); end >= 0; end = rest.indexOf("\n")) {
    take(rest.slice(0, end));
    rest = rest.slice(end + 1);
  }
}
if (rest) {
  take(rest);
}
process.exit("code" in last ? 1 : 0);

function take(line) {
  console.log(line);
  last = JSON.parse(line);
  if (last.stop) {
    stopped.add(last.stop);
  }
}
