import { showFigures } from "./figures-view.js";
import { LiveMarkdown } from "./live-markdown.js";
import { showGaps, showSources, showSteps } from "./steps-view.js";

/** Of the main thread's time, what drawing may take while an answer grows. */
const DRAWING_SHARE = 0.2;

/**
 * Shows one turn, at most once a picture. Text that came over the wire is set as text, or goes
 * through Markdown's few elements; never as markup.
 */
export class TurnView {
  #root;
  #parts = {};
  #markdown;
  #turn = null;
  #shown = {};
  #toggledByReader = false;
  #planned = 0;
  #drawAgainAt = 0;
  #onDrawn;

  /** onDrawn(): what is shown may have grown */
  constructor(root, onDrawn) {
    this.#root = root;
    this.#onDrawn = onDrawn;
    for (const element of root.querySelectorAll("[data-part]")) {
      this.#parts[element.dataset.part] = element;
    }
    this.#markdown = new LiveMarkdown(this.#parts.rendered);
    this.#parts["reasoning-title"].closest("summary").addEventListener("click", () => {
      this.#toggledByReader = true;
    });
  }

  get isShown() {
    return !this.#root.hidden;
  }

  hide() {
    cancelAnimationFrame(this.#planned);
    this.#planned = 0;
    this.#root.hidden = true;
    this.#turn = null;
  }

  /** Shows the turn as it is, now. */
  show(turn) {
    if (turn !== this.#turn) {
      this.#begin(turn);
    }
    this.#draw();
  }

  /** Shows soon what has come to the turn that is shown. */
  grown() {
    this.#planned ||= requestAnimationFrame((now) => {
      this.#planned = 0;
      if (now < this.#drawAgainAt) {
        this.grown();
      } else {
        this.#draw();
      }
    });
  }

  /** Leaves a still copy of what is shown in the history. */
  fileAway(history) {
    const copy = this.#root.cloneNode(true);
    copy.removeAttribute("id");
    for (const element of copy.querySelectorAll("*")) {
      for (const name of ["id", "aria-busy"]) {
        element.removeAttribute(name);
      }
    }
    copy.querySelector("[data-part=error]").removeAttribute("role");
    copy.querySelector("[data-part=reasoning-area]").open = false;
    history.append(copy);
  }

  #begin(turn) {
    this.#turn = turn;
    this.#toggledByReader = false;
    this.#root.hidden = false;
    showSource(this.#root, false);
    this.#empty();
  }

  #empty() {
    this.#parts.answer.replaceChildren();
    this.#parts.reasoning.replaceChildren();
    this.#markdown.reset();
    this.#shown = { answer: 0, reasoning: 0 };
  }

  #draw() {
    cancelAnimationFrame(this.#planned);
    this.#planned = 0;
    const began = performance.now();
    const turn = this.#turn;
    if (turn.answer.length < this.#shown.answer || turn.reasoning.length < this.#shown.reasoning) {
      this.#empty();
    }
    this.#showWords(turn);
    this.#showAnswer(turn);
    this.#showReasoning(turn);
    this.#showAround(turn);
    const ended = performance.now();
    this.#drawAgainAt = ended + (ended - began) * (1 / DRAWING_SHARE - 1);
    this.#onDrawn();
  }

  #showWords({ question, error }) {
    this.#parts.question.textContent = question ?? "Asked in another window";
    this.#parts.question.classList.toggle("unknown", question === null);
    if (this.#parts.error.textContent !== (error ?? "")) {
      this.#parts.error.textContent = error ?? "";
    }
    this.#parts.error.hidden = !error;
  }

  #showAnswer(turn) {
    const { rendered } = this.#parts;
    if (!turn.streaming) {
      this.#markdown.whole(turn.answer);
    } else if (turn.answer.length !== this.#shown.answer || !turn.answer) {
      this.#markdown.grow(turn.answer);
    }
    this.#append("answer", turn.answer);
    rendered.ariaBusy = String(turn.streaming);
    this.#parts.foot.hidden = !turn.answer;
  }

  /** Open while there is nothing else to read, then folded, unless the reader has chosen. */
  #showReasoning(turn) {
    const area = this.#parts["reasoning-area"];
    const thinking = turn.streaming && !turn.answer;
    this.#append("reasoning", turn.reasoning);
    this.#parts["reasoning-title"].textContent = thinking ? "Thinking…" : "Reasoning";
    area.hidden = !turn.reasoning;
    if (!this.#toggledByReader && area.open !== thinking) {
      area.open = thinking;
    }
    if (thinking && area.open) {
      this.#parts.reasoning.scrollTop = this.#parts.reasoning.scrollHeight;
    }
  }

  #showAround(turn) {
    const { steps, sources, gaps, figures, usage } = turn;
    const shown = this.#shown;
    if (shown.steps !== steps || shown.stepsVersion !== steps.version) {
      Object.assign(shown, { steps, stepsVersion: steps.version });
      showSteps(this.#parts, steps.list);
    }
    if (shown.sources !== sources) {
      shown.sources = sources;
      showSources(this.#parts, sources);
    }
    showGaps(this.#parts, gaps);
    if (shown.figures !== figures || shown.usage !== usage) {
      Object.assign(shown, { figures, usage });
      showFigures(this.#parts, figures, usage);
    }
  }

  /** What has come since, as a text node of its own: a long text is not copied for each word. */
  #append(part, text) {
    if (text.length > this.#shown[part]) {
      this.#parts[part].append(text.slice(this.#shown[part]));
      this.#shown[part] = text.length;
    }
  }
}

/** Shows the answer's exact characters instead of what they stand for, or the other way round. */
export function showSource(turnElement, whether) {
  const part = (name) => turnElement.querySelector(`[data-part=${name}]`);
  part("answer").hidden = !whether;
  part("rendered").hidden = whether;
  turnElement.querySelector("[data-source]").setAttribute("aria-pressed", String(whether));
}
