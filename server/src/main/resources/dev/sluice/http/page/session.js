import * as edge from "./edge.js";
import { announce, note } from "./notes.js";
import { awaitFirstEvent, Reader } from "./reader.js";
import { learnRunId, unknownRun } from "./runs.js";
import { Turn } from "./turn.js";

/** The conversation that this tab shows, and the run of it that is being read. */
export class Session {
  #conversation;
  #screen;
  #neighbours = new BroadcastChannel("sluice.asked");
  #reader = null;
  #stopWaiting = null;

  /**
   * screen: begin(), add(turn), grown(), show(session), cut(whether), takeBack(question)
   */
  constructor(screen) {
    this.#screen = screen;
    this.#neighbours.addEventListener("message", ({ data }) => {
      if (data === this.#conversation.chatId) {
        this.join();
      }
    });
  }

  get latest() {
    return this.#conversation.latest;
  }

  get state() {
    return this.#stopWaiting ? "waiting" : (this.latest?.state ?? "idle");
  }

  get streaming() {
    return this.latest?.streaming ?? false;
  }

  get reading() {
    return this.#reader !== null;
  }

  /** Whether the page's address names the chat. */
  get addressed() {
    return this.#conversation.addressed;
  }

  async ask(words) {
    const asked = this.#conversation;
    const askedAt = performance.now();
    const turn = new Turn({ question: words });
    this.#leave();
    this.#add(turn);
    try {
      const { runId } = await edge.ask(asked.chatId, words);
      turn.runId = runId;
      this.#neighbours.postMessage(asked.chatId);
    } catch (refusal) {
      turn.fail(refusal.message);
    }
    asked.save();
    if (asked === this.#conversation) {
      if (turn.streaming) {
        this.#read(turn, askedAt);
      }
      this.#screen.show(this);
    }
  }

  /** Stops the chat's answer, for everybody who reads it. */
  async stop() {
    try {
      await edge.stop(this.#conversation.chatId);
      this.mend();
    } catch (refusal) {
      note(refusal.message);
      this.#screen.show(this);
    }
  }

  cut() {
    this.#reader?.cut();
  }

  mend() {
    this.#reader?.mend();
  }

  /** Shows a conversation, and goes on reading if its latest run is not known to have ended. */
  async open(conversation) {
    this.#leave();
    this.#conversation = conversation;
    this.#screen.begin();
    conversation.turns.forEach((turn) => this.#screen.add(turn));
    this.#screen.show(this);
    const turn = this.latest;
    if (!turn?.streaming) {
      await this.join();
      return;
    }
    const found = turn.runId ?? (await learnRunId(conversation, turn));
    if (conversation !== this.#conversation) {
      return;
    }
    if (found) {
      this.#read(turn);
      this.#screen.show(this);
    } else {
      // The question never arrived.
      conversation.turns.pop();
      this.#save();
      this.#screen.takeBack(turn.question);
      await this.open(conversation);
    }
  }

  /** Reads what others had answered in this chat; waits if it is not there yet. */
  async join() {
    const joined = this.#conversation;
    if (!joined.addressed) {
      return;
    }
    const found = await unknownRun(joined).catch((refusal) => refusal);
    if (joined !== this.#conversation || this.streaming || this.#stopWaiting) {
      return;
    }
    if (found instanceof edge.Refusal && found.status !== 404) {
      note(found.message);
    } else if (typeof found === "string") {
      const turn = new Turn({ question: null, runId: found });
      this.#add(turn);
      this.#read(turn);
    } else if (joined.turns.length === 0) {
      this.#wait(joined);
    }
    this.#screen.show(this);
  }

  #add(turn) {
    this.#conversation.turns.push(turn);
    this.#save();
    this.#screen.add(turn);
    this.#screen.show(this);
  }

  #read(turn, askedAt = null) {
    let phase = "";
    this.#reader = new Reader(this.#conversation.chatId, turn, askedAt, {
      onChange: () => {
        this.#screen.grown();
        const now = turn.answer ? "Answering." : turn.reasoning ? "Thinking." : "";
        if (now !== phase) {
          phase = now;
          announce(phase);
          this.#save();
        }
      },
      onAnew: () => this.#screen.show(this),
      onNote: note,
      onCut: (whether) => this.#screen.cut(whether),
      onEnd: () => this.#ended(turn),
    });
  }

  #ended(turn) {
    this.#stopReading();
    announce(turn.stopped ? "Stopped." : turn.error ? "" : "The answer is complete.");
    this.#save();
    this.#screen.show(this);
    this.join();
  }

  #wait({ chatId }) {
    note("Nothing has been said in this chat yet. What comes will be shown here.");
    this.#stopWaiting = awaitFirstEvent(
      chatId,
      () => {
        this.#leave();
        this.join();
      },
      () => note("The server refuses to read this chat."),
    );
  }

  /** Leaves what is being read or awaited. */
  #leave() {
    this.#stopReading();
    this.#stopWaiting?.();
    this.#stopWaiting = null;
    note("");
  }

  #stopReading() {
    this.#reader?.close();
    this.#reader = null;
    this.#screen.cut(false);
  }

  #save() {
    if (!this.#conversation.save()) {
      note("This tab's storage is full: a reload will not bring this conversation back.");
    }
  }
}
