// The calls that the page makes to the server. All addresses are relative to the page's own.

const chatUrl = (chatId) => `v1/chats/${encodeURIComponent(chatId)}`;

/** A refusal of the server, or none reached, in words for people. */
export class Refusal extends Error {
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

async function call(url, options) {
  let response;
  try {
    response = await fetch(url, { cache: "no-store", ...options });
  } catch {
    throw new Refusal("The server cannot be reached.", 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const words = body.detail || body.title || "The server refused without a reason.";
    throw new Refusal(`${words} (HTTP ${response.status})`, response.status);
  }
  return body;
}

export const info = () => call("v1/info");

export const chatState = (chatId) => call(chatUrl(chatId));

/** Starts a run. The request outlives the page, so that a reload right after asking loses no run. */
export const ask = (chatId, question) =>
  call(`${chatUrl(chatId)}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ question }),
    keepalive: true,
  });

export const stop = (chatId) => call(`${chatUrl(chatId)}/stop`, { method: "POST" });

/** The stream of one run, or of the chat's current run when runId is null. */
export function streamUrl(chatId, runId) {
  const query = new URLSearchParams({ wait: "false" });
  if (runId) {
    query.set("run", runId);
  }
  return `${chatUrl(chatId)}/stream?${query}`;
}
