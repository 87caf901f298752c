// node eventsource-parser.mjs <baseUrl> <chatId> [query]
// Prints every event that eventsource-parser makes of one response, one JSON line each:
// {"id"?,"event"?,"data"}. Errors stay ignored, as by default: the strict setting takes a field that
// the specification says to ignore, such as "message", for the end of everything.
import { EventSourceParserStream } from "eventsource-parser/stream";

const [baseUrl, chatId, query = ""] = process.argv.slice(2);
const response = await fetch(`${baseUrl}/v1/chats/${encodeURIComponent(chatId)}/stream?${query}`);
if (response.status !== 200) {
  throw new Error(`HTTP ${response.status}`);
}
const events = response.body
  .pipeThrough(new TextDecoderStream())
  .pipeThrough(new EventSourceParserStream());

for await (const event of events) {
  console.log(JSON.stringify(event));
}
