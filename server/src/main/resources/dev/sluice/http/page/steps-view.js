import { link } from "./markdown.js";
import { offsetOf } from "./arrivals.js";

const EXCERPT_CHARS = 600;
const PREVIEW_CHARS = 80;
const KINDS = { tool: "tool", agent: "agent", next: "next", node: "step", event: "event" };

export function showSteps(parts, list) {
  const open = [...parts.steps.children].map((item) => item.querySelector("details")?.open);
  const items = list.map((step, index) => {
    const item = stepItem(step);
    const details = item.querySelector("details");
    if (details) {
      details.open = open[index] ?? false;
    }
    return item;
  });
  parts.steps.replaceChildren(...items);
  parts["steps-area"].hidden = list.length === 0;
}

function stepItem({ kind, name, input, output, error, status, detail }) {
  const head = [
    element("span", { className: `kind ${kind}` }, KINDS[kind] ?? kind),
    element("span", { className: "name" }, String(name)),
    element("span", { className: "preview" }, preview(error || input || status || detail)),
  ];
  const body = [
    ["Input", input],
    ["Output", output],
    ["Error", error],
    ["", detail],
  ].filter(([, text]) => text);
  if (body.length === 0) {
    return element("li", {}, element("p", {}, ...head));
  }
  const blocks = body.flatMap(([title, text]) => [
    ...(title ? [element("p", { className: "label" }, title)] : []),
    element("pre", { tabIndex: 0 }, text),
  ]);
  return element("li", {}, element("details", {}, element("summary", {}, ...head), ...blocks));
}

export function showSources(parts, sources) {
  parts.sources.replaceChildren(...sources.map(sourceItem));
  parts["sources-area"].hidden = sources.length === 0;
  parts["sources-title"].textContent = `Sources (${sources.length})`;
}

function sourceItem(source) {
  const metadata = source?.metadata ?? {};
  const address = [metadata.source, metadata.url, metadata.loc?.url, source?.url].find(isText);
  const title = [metadata.title, source?.title, source?.name, address].find(isText) ?? "Source";
  const excerpt = [source?.pageContent, source?.text, source?.content, source].find(isText) ?? "";
  const head = link(address ?? "");
  head.textContent = title;
  const item = element("li", {}, head);
  if (excerpt) {
    item.append(element("p", { className: "excerpt" }, shortened(excerpt, EXCERPT_CHARS)));
  }
  return item;
}

export function showGaps(parts, gaps) {
  if (parts.gaps.childElementCount !== gaps.length) {
    const items = gaps.map(({ from, to, reason }) => {
      const events = `events ${offsetOf(from)} to ${offsetOf(to)}`;
      const why = reason ?? "no reason given";
      return element("li", {}, `Some of this answer is missing: ${events} (${why}).`);
    });
    parts.gaps.replaceChildren(...items);
    parts.gaps.hidden = gaps.length === 0;
  }
}

const isText = (value) => typeof value === "string" && value !== "";

/** On one line, and without what only a program needs. */
function preview(text) {
  const line = String(text ?? "")
    .replace(/[{}"]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  return shortened(line, PREVIEW_CHARS);
}

const shortened = (text, chars) => (text.length <= chars ? text : `${text.slice(0, chars)}…`);

export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
