// node aimock-server.mjs
// Serves the answers of aimock-fixtures.json as an OpenAI-compatible model server, a few characters
// a chunk, until standard input is closed.
import { LLMock } from "@copilotkit/aimock";
import { fileURLToPath } from "node:url";

const CHUNK_CHARS = 3;

const model = new LLMock({
  host: "127.0.0.1",
  port: 0,
  chunkSize: CHUNK_CHARS,
  latency: 1,
  logLevel: "silent",
});
model.loadFixtureFile(fileURLToPath(new URL("aimock-fixtures.json", import.meta.url)));
await model.start();
console.log(`listening on ${model.url}`);

process.stdin.resume();
process.stdin.on("close", () => model.stop().then(() => process.exit(0)));
