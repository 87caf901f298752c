// node flowise-sdk.mjs <baseUrl> <flowId> <question> [chatId]
// Prints every event that flowise-sdk yields, one JSON line each.
import flowise from "flowise-sdk";

const [baseUrl, chatflowId, question, chatId] = process.argv.slice(2);
const { FlowiseClient } = flowise;
const client = new FlowiseClient({ baseUrl });
const request = { chatflowId, question, streaming: true };
const prediction = await client.createPrediction(chatId ? { ...request, chatId } : request);

// Without isStreaming from the server the client falls back to one JSON, which is no stream.
for await (const event of prediction) {
  console.log(JSON.stringify(event));
}
