import { copyOf, freshContext, nodesOf, tokensOf } from "./markdown.js";
import { matchChildren, matchSome } from "./match-nodes.js";

const LINE_END = /\r\n?|\n/g;

/**
 * Shows Markdown that is still growing. A block that is followed by another one is finished: it
 * keeps its nodes and is not looked at again, so that a picture costs what its last block costs.
 * What only the whole text can tell (a link's definition at its end) is seen to when it is whole.
 */
export class LiveMarkdown {
  #root;
  #context = freshContext();
  #finishedChars = 0;
  #finishedNodes = 0;
  #lineEndSeen = 0;

  constructor(root) {
    this.#root = root;
  }

  /** Forgets the text shown; the nodes stay until the next one needs their place. */
  reset() {
    this.#context = freshContext();
    this.#finishedChars = 0;
    this.#finishedNodes = 0;
    this.#lineEndSeen = 0;
  }

  /** Shows the text, which begins with the one shown before. */
  grow(text) {
    const lineEnd = text.lastIndexOf("\n") + 1;
    if (lineEnd > this.#lineEndSeen) {
      this.#lineEndSeen = lineEnd;
      this.#finishBlocks(text.slice(this.#finishedChars, lineEnd));
    }
    this.#showRest(text.slice(this.#finishedChars), copyOf(this.#context));
  }

  /** Shows a text that will not grow any more. */
  whole(text) {
    this.reset();
    this.#showRest(text, freshContext());
  }

  /** Only whole lines tell where a block ends: "2" is a paragraph, "2. " goes on with a list. */
  #finishBlocks(lines) {
    const blocks = tokensOf(lines, copyOf(this.#context)).filter(
      ({ level, nesting, map }) => level === 0 && nesting >= 0 && map,
    );
    const chars = startOfLine(lines, blocks.at(-1)?.map[0] ?? 0);
    if (chars > 0) {
      const nodes = render(lines.slice(0, chars), this.#context);
      matchSome(this.#root, nodes, this.#finishedNodes);
      this.#finishedNodes += nodes.length;
      this.#finishedChars += chars;
    }
  }

  #showRest(text, context) {
    matchChildren(this.#root, render(text, context), this.#finishedNodes);
  }
}

const render = (text, context) => nodesOf(tokensOf(text, context), context);

function startOfLine(text, line) {
  LINE_END.lastIndex = 0;
  for (let passed = 0; passed < line; passed++) {
    LINE_END.exec(text);
  }
  return LINE_END.lastIndex;
}
