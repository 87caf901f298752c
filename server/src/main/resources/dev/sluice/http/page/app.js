import * as edge from "./edge.js";
import { Conversation } from "./conversation.js";
import { onCopyClick } from "./copying.js";
import { EndOfPage } from "./end-of-page.js";
import { note } from "./notes.js";
import { Session } from "./session.js";
import { showSource, TurnView } from "./turn-view.js";

const element = (id) => document.getElementById(id);
const question = element("question");
const history = element("history");
const end = new EndOfPage(document.querySelector("main"));
const view = new TurnView(element("current"), () => end.follow());

const session = new Session({
  begin() {
    history.replaceChildren();
    view.hide();
  },
  add(turn) {
    if (view.isShown) {
      view.fileAway(history);
    }
    view.show(turn);
    end.go();
  },
  grown: () => view.grown(),
  show,
  cut: (whether) => element("drop").setAttribute("aria-checked", String(whether)),
  takeBack(words) {
    question.value ||= words;
  },
});

function show({ latest, state, streaming, reading, addressed }) {
  if (latest) {
    view.show(latest);
  }
  if (!streaming) {
    keepFocus();
  }
  document.body.dataset.state = state;
  element("status").textContent = state;
  element("welcome").hidden = latest !== undefined;
  element("copy-link").hidden = !addressed;
  element("ask").disabled = streaming;
  element("stop").disabled = !streaming;
  element("drop").disabled = !reading;
}

/** A button that is about to be of no use does not take the focus with it. */
function keepFocus() {
  if ([element("ask"), element("stop"), element("drop")].includes(document.activeElement)) {
    question.focus();
  }
}

function ask() {
  const words = question.value.trim();
  if (words && !session.streaming) {
    question.value = "";
    session.ask(words);
  }
}

function stop() {
  if (session.streaming) {
    keepFocus();
    element("stop").disabled = true;
    session.stop();
  }
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

element("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});

question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    element("composer").requestSubmit();
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) {
    stop();
  }
});

document.addEventListener("click", ({ target }) => {
  const source = target.closest("[data-source]");
  if (source) {
    showSource(source.closest(".turn"), source.getAttribute("aria-pressed") !== "true");
  }
  onCopyClick(target);
});

element("stop").addEventListener("click", stop);

element("drop").addEventListener("click", ({ currentTarget }) => {
  if (currentTarget.getAttribute("aria-checked") === "true") {
    session.mend();
  } else {
    session.cut();
  }
});

element("new-chat").addEventListener("click", () => {
  Conversation.leaveAddress();
  session.open(Conversation.fresh());
  question.focus();
});

for (const moved of ["hashchange", "popstate"]) {
  window.addEventListener(moved, () => {
    if (!session.addressed) {
      session.open(Conversation.fromAddress() ?? Conversation.fresh());
    }
  });
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    session.join();
  }
});

introduce();
session.open(Conversation.fromAddress() ?? Conversation.fresh());
