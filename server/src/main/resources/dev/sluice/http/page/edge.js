// The calls that the page makes to the server: to the page's own, or to the one that the address
// names with ?edge=. A policy (connect-src) decides what of that the browser lets through.

const parameters = new URLSearchParams(location.search);

const chatUrl = (chatId) => new URL(`v1/chats/${encodeURIComponent(chatId)}`, base);

/** The server called, with a slash at the end. */
const base = baseOf(parameters.get("edge"));

/** Who is asked, if the address says so with ?flow=; otherwise the server decides. */
const flow = parameters.get("flow") ?? undefined;

export const isElsewhere = base.origin !== location.origin;

function baseOf(named) {
  const here = new URL(".", location.href);
  if (!named || !URL.canParse(named)) {
    return here;
  }
  const url = new URL(named);
  url.search = "";
  url.hash = "";
  url.pathname = url.pathname.replace(/\/*$/, "/");
  return ["http:", "https:"].includes(url.protocol) ? url : here;
}

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
    throw new Refusal(unreachable(), 0);
  }
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    const words = body.detail || body.title || "The server refused without a reason.";
    throw new Refusal(`${words} (HTTP ${response.status})`, response.status);
  }
  return body;
}

const unreachable = () =>
  isElsewhere
    ? `${base.origin} cannot be reached, or may not be called from this page.`
    : "The server cannot be reached.";

export const info = () => call(new URL("v1/info", base));

export const chatState = (chatId) => call(chatUrl(chatId));

/** Starts a run. The request outlives the page, so that a reload right after asking loses no run. */
export const ask = (chatId, question) =>
  call(`${chatUrl(chatId)}/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ flow, question }),
    keepalive: true,
  });

export const stop = (chatId) => call(`${chatUrl(chatId)}/stop`, { method: "POST" });

/** The stream of one run, after the event of that id if one is given. */
export function streamUrl(chatId, runId, lastId) {
  const query = new URLSearchParams({ wait: "false", run: runId });
  if (lastId) {
    query.set("lastEventId", lastId);
  }
  return `${chatUrl(chatId)}/stream?${query}`;
}

/** The stream of a chat that may not exist yet. */
export const awaitedUrl = (chatId) => `${chatUrl(chatId)}/stream`;
