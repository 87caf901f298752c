import { Turn } from "./turn.js";

const HASH = /^#chat=(.+)$/;
const STORED = "sluice.chat.";

/**
 * The chat of this tab: its id stands in the address, as #chat= (which is never sent anywhere) or
 * as ?chat=; its turns in the tab's own storage.
 */
export class Conversation {
  chatId;
  turns;

  constructor(chatId, turns) {
    this.chatId = chatId;
    this.turns = turns;
  }

  static fresh() {
    return new Conversation(randomChatId(), []);
  }

  static fromAddress() {
    const chatId = addressedChatId();
    return chatId ? new Conversation(chatId, stored(chatId)) : null;
  }

  /** The address names no chat any more; the way back leads to the one it named. */
  static leaveAddress() {
    history.pushState(null, "", addressFor(null));
  }

  get latest() {
    return this.turns.at(-1);
  }

  /** Whether the address names this chat. */
  get addressed() {
    return addressedChatId() === this.chatId;
  }

  /** Says whether a reload will find this conversation. */
  save() {
    if (!this.addressed) {
      history.replaceState(null, "", addressFor(this.chatId));
    }
    try {
      sessionStorage.setItem(STORED + this.chatId, JSON.stringify(this.turns));
      return true;
    } catch {
      return false;
    }
  }
}

function addressedChatId() {
  try {
    const named = HASH.exec(location.hash)?.[1];
    return named ? decodeURIComponent(named) : new URLSearchParams(location.search).get("chat");
  } catch {
    return null;
  }
}

function addressFor(chatId) {
  const url = new URL(location.href);
  url.searchParams.delete("chat");
  url.hash = chatId === null ? "" : `chat=${encodeURIComponent(chatId)}`;
  return url;
}

function stored(chatId) {
  try {
    return JSON.parse(sessionStorage.getItem(STORED + chatId) ?? "[]").map((t) => new Turn(t));
  } catch {
    return [];
  }
}

/** Not crypto.randomUUID: that one exists on https and localhost only. */
function randomChatId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
