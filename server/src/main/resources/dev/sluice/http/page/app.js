import * as edge from "./edge.js";
import { Conversation } from "./conversation.js";
import { Subscription } from "./subscription.js";
import { Turn } from "./turn.js";
import { TurnView } from "./turn-view.js";

const element = (id) => document.getElementById(id);
const composer = element("composer");
const question = element("question");
const main = document.querySelector("main");
const history = element("history");
const view = new TurnView(element("current"));

const NEAR_END_PX = 80;
const LOOKS_MAX = 4;
const LOOK_AGAIN_MS = 500;

let conversation;
let subscription = null;
let following = true;
let scrollPlanned = false;
let lastScrollTop = 0;

async function ask() {
  const words = question.value.trim();
  if (!words || conversation.latest?.streaming) {
    return;
  }
  const asked = conversation;
  if (asked.latest) {
    view.fileAway(history);
  }
  const turn = new Turn({ question: words });
  asked.turns.push(turn);
  save();
  question.value = "";
  showLatest();
  scrollToEnd();
  try {
    const { runId } = await edge.ask(asked.chatId, words);
    turn.runId = runId;
  } catch (refusal) {
    turn.fail(refusal.message);
  }
  asked.save();
  if (asked === conversation) {
    showLatest();
    if (turn.streaming) {
      subscribe(turn);
    }
  }
}

function subscribe(turn) {
  subscription = new Subscription(conversation.chatId, turn.runId, {
    onMessage(message) {
      const change = turn.apply(message);
      if (message.event === "end") {
        finish();
        return;
      }
      view.update(turn, change, String(message.data));
      follow();
    },
    onRestart() {
      turn.clear();
      view.show(turn);
    },
    onConnection(up) {
      note(up ? "" : "The connection was lost. Trying to go on where it was…");
    },
    onLost(words) {
      turn.fail(words);
      finish();
    },
  });
}

function finish() {
  unsubscribe();
  save();
  showLatest();
  follow();
}

function unsubscribe() {
  subscription?.close();
  subscription = null;
  note("");
}

async function stop() {
  element("stop").disabled = true;
  try {
    await edge.stop(conversation.chatId);
  } catch (refusal) {
    note(refusal.message);
    showControls();
  }
}

function save() {
  if (!conversation.save()) {
    note("This tab's storage is full: a reload will not bring this conversation back.");
  }
}

/** Shows a conversation, and goes on reading if its latest run is not known to have ended. */
async function open(opened) {
  unsubscribe();
  conversation = opened;
  history.replaceChildren();
  view.hide();
  const { turns } = conversation;
  turns.forEach((turn, index) => {
    view.show(turn);
    if (index < turns.length - 1) {
      view.fileAway(history);
    }
  });
  showLatest();
  scrollToEnd();
  const turn = conversation.latest;
  if (turn?.streaming) {
    const found = turn.runId || turn.question === null || (await learnRunId(opened, turn));
    if (opened !== conversation) {
      return;
    }
    if (found) {
      subscribe(turn);
    } else {
      takeBack(turn);
    }
  }
}

/**
 * The page may have been left between asking and learning the run's name. The chat then knows it:
 * it is the newest run that no turn of ours has. The request itself may still be on its way.
 */
async function learnRunId({ chatId, turns }, turn) {
  const ours = new Set(turns.map(({ runId }) => runId));
  for (let look = 1; look <= LOOKS_MAX && !turn.runId; look++) {
    const state = await edge.chatState(chatId).catch(() => ({}));
    const names = (state.runs ?? []).map(({ runId }) => runId);
    turn.runId = names.filter((name) => !ours.has(name)).at(-1) ?? null;
    if (!turn.runId && look < LOOKS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
  return turn.runId;
}

/** The question never arrived: it goes back into its box. */
function takeBack(turn) {
  conversation.turns.pop();
  save();
  question.value ||= turn.question;
  open(conversation);
}

function showLatest() {
  const turn = conversation.latest;
  element("welcome").hidden = turn !== undefined;
  element("status").value = turn?.state ?? "idle";
  if (turn) {
    view.show(turn);
  }
  showControls();
}

function showControls() {
  const streaming = conversation.latest?.streaming ?? false;
  element("ask").disabled = streaming;
  element("stop").disabled = !streaming;
}

function note(words) {
  element("connection").textContent = words;
  element("connection").hidden = !words;
}

function scrollToEnd() {
  following = true;
  main.scrollTop = main.scrollHeight;
}

/** Follows the answer for a reader who is at its end anyway. Lays out once a picture, not a token. */
function follow() {
  if (following && !scrollPlanned) {
    scrollPlanned = true;
    requestAnimationFrame(() => {
      scrollPlanned = false;
      if (following) {
        main.scrollTop = main.scrollHeight;
      }
    });
  }
}

/** Text that grows below the end is no reason to stop following; scrolling up is. */
function onScroll() {
  const below = main.scrollHeight - main.scrollTop - main.clientHeight;
  const atEnd = below < NEAR_END_PX;
  following = main.scrollTop < lastScrollTop ? atEnd : following || atEnd;
  lastScrollTop = main.scrollTop;
}

function addressed() {
  const found = Conversation.fromAddress();
  if (found && found.turns.length === 0) {
    found.turns.push(new Turn({ question: null }));
  }
  return found ?? Conversation.fresh();
}

async function introduce() {
  try {
    const { demo, name, version } = await edge.info();
    element("demo-notice").hidden = !demo;
    element("server-version").textContent = `${name} ${version}`;
  } catch (refusal) {
    note(refusal.message);
  }
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    composer.requestSubmit();
  }
});

element("stop").addEventListener("click", stop);
main.addEventListener("scroll", onScroll, { passive: true });

element("new-chat").addEventListener("click", () => {
  window.history.pushState(null, "", location.pathname + location.search);
  open(Conversation.fresh());
  question.focus();
});

for (const moved of ["hashchange", "popstate"]) {
  window.addEventListener(moved, () => {
    if (!conversation.addressed) {
      open(addressed());
    }
  });
}

introduce();
open(addressed());
