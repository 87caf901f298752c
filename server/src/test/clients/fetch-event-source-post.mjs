// node fetch-event-source-post.mjs <baseUrl> <flowId> <chatId> <question>
// Asks as a page would, and repeats the call when the connection breaks, as the client does by itself.
// Prints every call of onmessage, one JSON line each.
globalThis.window = globalThis;
globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };

const { fetchEventSource } = await import("@microsoft/fetch-event-source");

const [baseUrl, flowId, chatId, question] = process.argv.slice(2);

await fetchEventSource(`${baseUrl}/api/v1/prediction/${encodeURIComponent(flowId)}`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ question, chatId, streaming: true }),
  openWhenHidden: true,
  onmessage(message) {
    console.log(JSON.stringify(message));
  },
});
