// node eventsource.mjs <baseUrl> <chatId> [query]
// Prints every message event of the eventsource package, one JSON line each:
// {"type","data","lastEventId"}. A clean end is the 204 that a finished run's reconnecting gets.
import { EventSource } from "eventsource";

const [baseUrl, chatId, query = ""] = process.argv.slice(2);
const url = `${baseUrl}/v1/chats/${encodeURIComponent(chatId)}/stream?${query}`;
const source = new EventSource(url);

source.onmessage = ({ type, data, lastEventId }) =>
  console.log(JSON.stringify({ type, data, lastEventId }));

source.onerror = ({ code, message }) => {
  if (source.readyState === EventSource.CLOSED) {
    if (code !== 204) {
      console.error(`closed for good: ${code} ${message}`);
      process.exitCode = 1;
    }
  }
};
