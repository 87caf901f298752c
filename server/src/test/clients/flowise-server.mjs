// node flowise-server.mjs
// Answers predictions as the fixture of the chatflow says, written by Flowise's own SSEStreamer, a few
// characters a token, in the order of calls that Flowise's controller makes. The second half of a text
// comes after POST /go. Prints "listening on <url>", then a line for each abort; ends with standard input.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import streamer from "./node_modules/flowise/dist/utils/SSEStreamer.js";

const CHUNK_UNITS = 3;

const fixtures = JSON.parse(readFileSync(new URL("flowise-fixtures.json", import.meta.url), "utf8"));
const sse = new streamer.SSEStreamer();
const aborted = new Set();
let go;
const gate = new Promise((resolve) => (go = resolve));
const pause = () => new Promise((resolve) => setImmediate(resolve));

async function predict(fixture, request, response) {
  const { chatId, question, overrideConfig } = request;
  sse.addExternalClient(chatId, response);
  response.setHeader("Content-Type", "text/event-stream");
  response.setHeader("Cache-Control", "no-cache");
  response.setHeader("Connection", "keep-alive");
  response.setHeader("X-Accel-Buffering", "no");
  response.flushHeaders();
  try {
    fixture.before.forEach(([method, ...rest]) => sse[method](chatId, ...rest));
    sse.streamCustomEvent(chatId, "asked", request);
    for (let at = 0; at < fixture.text.length; at += CHUNK_UNITS) {
      if (at >= fixture.text.length / 2) {
        await gate;
      }
      if (aborted.has(chatId)) {
        throw new Error("Aborted");
      }
      sse.streamTokenEvent(chatId, fixture.text.slice(at, at + CHUNK_UNITS));
      await pause();
    }
    if (fixture.error) {
      throw new Error(fixture.error);
    }
    fixture.after.forEach(([method, ...rest]) => sse[method](chatId, ...rest));
    const sessionId = overrideConfig?.sessionId ?? chatId;
    sse.streamMetadataEvent(chatId, { ...fixture.response, chatId, question, sessionId });
  } catch (error) {
    sse.streamErrorEvent(chatId, error.message);
  } finally {
    sse.removeClient(chatId);
  }
}

const server = createServer(async (request, response) => {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) {
    body += piece;
  }
  const json = (value) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(value));
  const [call, flow, chatId] = request.url.replace(/^\/(api\/v1\/)?(chatmessage\/)?/, "").split("/").map(decodeURIComponent);
  if (call === "go") {
    go();
    json("OK");
  } else if (call === "prediction" && fixtures[flow]) {
    await predict(fixtures[flow], JSON.parse(body), response);
  } else if (call === "abort") {
    console.log(`abort ${flow} ${chatId}`);
    aborted.add(chatId);
    json({ status: 200, message: "Chat message aborted" });
  } else if (call === "chatflows-streaming" && fixtures[flow]) {
    json({ isStreaming: true });
  } else if (call === "public-chatbotConfig") {
    json({ welcomeMessage: `This is ${flow}.`, uploads: { isImageUploadAllowed: true } });
  } else {
    response.statusCode = 404;
    json({ statusCode: 404, success: false, message: `Chatflow ${flow} not found`, stack: {} });
  }
});
server.listen(0, "127.0.0.1", () => console.log(`listening on http://127.0.0.1:${server.address().port}`));

process.stdin.resume();
process.stdin.on("close", () => process.exit(0));
