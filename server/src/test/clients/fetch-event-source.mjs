// node fetch-event-source.mjs <baseUrl> <chatId> [query] [hideAfter]
// Prints every call of onmessage, one JSON line each: {"data","event","id","retry"?}.
// With hideAfter the "tab" is hidden and shown again after that many messages, at which the client
// drops its connection and opens another one with Last-Event-ID.
import { EventEmitter } from "node:events";

const tab = new EventEmitter();
globalThis.window = globalThis;
globalThis.document = {
  hidden: false,
  addEventListener: (name, listener) => tab.on(name, listener),
  removeEventListener: (name, listener) => tab.off(name, listener),
};

function setHidden(hidden) {
  document.hidden = hidden;
  tab.emit("visibilitychange");
}

const { fetchEventSource } = await import("@microsoft/fetch-event-source");

const [baseUrl, chatId, query = "", hideAfter = "0"] = process.argv.slice(2);
let messages = 0;

await fetchEventSource(`${baseUrl}/v1/chats/${encodeURIComponent(chatId)}/stream?${query}`, {
  onmessage(message) {
    console.log(JSON.stringify(message));
    messages += 1;
    if (messages === Number(hideAfter)) {
      setImmediate(() => {
        setHidden(true);
        // Not at once: the client would take its own abort for an error of the new connection.
        setImmediate(() => setHidden(false));
      });
    }
  },
  onerror(error) {
    throw error;
  },
});
