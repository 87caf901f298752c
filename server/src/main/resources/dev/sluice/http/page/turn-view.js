import { Change } from "./turn.js";

const ASKED_ELSEWHERE = "A question asked in another window";

/** Shows one turn. Everything that came over the wire is set as text, never as markup. */
export class TurnView {
  #root;
  #parts = {};

  constructor(root) {
    this.#root = root;
    for (const element of root.querySelectorAll("[data-part]")) {
      this.#parts[element.dataset.part] = element;
    }
    for (const part of ["answer", "reasoning"]) {
      this.#parts[part].replaceChildren(document.createTextNode(""));
    }
  }

  hide() {
    this.#root.hidden = true;
  }

  show(turn) {
    const { question, answer, error } = this.#parts;
    this.#root.hidden = false;
    question.textContent = turn.question ?? ASKED_ELSEWHERE;
    this.#setText("answer", turn.answer);
    this.#setText("reasoning", turn.reasoning);
    answer.ariaBusy = String(turn.streaming);
    error.textContent = turn.error ?? "";
    error.hidden = !turn.error;
    this.#parts["reasoning-area"].hidden = !turn.reasoning;
    this.#showTools(turn.tools);
    this.#showGaps(turn.gaps);
  }

  update(turn, change, added) {
    if (change === Change.OTHER) {
      this.show(turn);
      return;
    }
    this.#parts[change].firstChild.appendData(added);
    if (change === Change.REASONING) {
      this.#parts["reasoning-area"].hidden = false;
    }
  }

  /** Leaves a still copy of what is shown in the history. */
  fileAway(history) {
    const copy = this.#root.cloneNode(true);
    copy.removeAttribute("id");
    for (const element of copy.querySelectorAll("*")) {
      for (const name of ["id", "aria-live", "aria-busy", "role"]) {
        element.removeAttribute(name);
      }
    }
    copy.querySelector("details").open = false;
    history.append(copy);
  }

  #setText(part, text) {
    const node = this.#parts[part].firstChild;
    if (node.data !== text) {
      node.data = text;
    }
  }

  #showTools(tools) {
    const entries = tools.map(({ name, detail, response }) => {
      const box = document.createElement("details");
      const summary = document.createElement("summary");
      const body = document.createElement("pre");
      summary.textContent = response ? `${name} (response)` : name;
      body.textContent = detail;
      box.append(summary, body);
      return listItem(box);
    });
    this.#parts.tools.replaceChildren(...entries);
    this.#parts["tools-area"].hidden = tools.length === 0;
  }

  #showGaps(gaps) {
    const entries = gaps.map(({ from, to, reason }) => {
      const events = `events ${offset(from)} to ${offset(to)}`;
      return listItem(`Some of this answer is missing: ${events} (${reason ?? "no reason given"}).`);
    });
    this.#parts.gaps.replaceChildren(...entries);
    this.#parts.gaps.hidden = gaps.length === 0;
  }
}

/** Of an id only the offset says something to people. */
const offset = (id) => String(id).split("-").at(-1);

function listItem(content) {
  const item = document.createElement("li");
  item.append(content);
  return item;
}
