// node flowise-sdk-abandon.mjs <baseUrl> <flowId> <question> <chatId> <count>
// Prints that many events of an answer, breaks out of the loop, says so, and lives on until its input
// ends: flowise-sdk leaves the response open, and nobody reads it any more.
import flowise from "flowise-sdk";

const [baseUrl, chatflowId, question, chatId, count] = process.argv.slice(2);
const { FlowiseClient } = flowise;
const client = new FlowiseClient({ baseUrl });
const prediction = await client.createPrediction({ chatflowId, question, chatId, streaming: true });

let events = 0;
for await (const event of prediction) {
  console.log(JSON.stringify(event));
  events += 1;
  if (events === Number(count)) {
    break;
  }
}
console.log(JSON.stringify({ abandoned: true }));
process.stdin.resume();
