import { Turn } from "./turn.js";

const HASH = /^#chat=(.+)$/;
const STORED = "sluice.chat.";

/** The chat of this tab: its id stands in the address, its turns in the tab's own storage. */
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
    const chatId = chatIdOf(location.hash);
    return chatId ? new Conversation(chatId, stored(chatId)) : null;
  }

  get latest() {
    return this.turns.at(-1);
  }

  /** Whether the address names this chat. */
  get addressed() {
    return chatIdOf(location.hash) === this.chatId;
  }

  /** Says whether a reload will find this conversation. */
  save() {
    if (!this.addressed) {
      history.replaceState(null, "", `#chat=${encodeURIComponent(this.chatId)}`);
    }
    try {
      sessionStorage.setItem(STORED + this.chatId, JSON.stringify(this.turns));
      return true;
    } catch {
      return false;
    }
  }
}

function chatIdOf(hash) {
  try {
    return decodeURIComponent(HASH.exec(hash)?.[1] ?? "");
  } catch {
    return "";
  }
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
