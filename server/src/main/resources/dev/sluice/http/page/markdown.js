import "./markdown-it.js";

/**
 * Markdown to nodes, without any HTML on the way: the library cuts the text into tokens, and for
 * each kind of token that is known here there is one element. Nothing is ever parsed as HTML, so
 * there is nothing to be cleaned, and the page's policy can forbid all of it.
 */
const parser = globalThis.markdownit({ html: false, linkify: true });
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false });

const TAGS = new Set(
  "p ul ol li blockquote hr br table thead tbody tr th td em strong s a h1 h2 h3 h4 h5 h6".split(" "),
);
const LINK_PROTOCOLS = new Set(["http:", "https:", "mailto:"]);
const ALIGNMENT = /^text-align:(left|center|right)$/;
/** The page's own headings have the levels above. */
const FIRST_HEADING_LEVEL = 3;
const LAST_HEADING_LEVEL = 6;

/**
 * What the blocks of one text share: the link definitions so far, and the level of its first
 * heading.
 */
export const freshContext = () => ({ references: {}, headingBase: 0 });

export const copyOf = ({ references, headingBase }) => ({
  references: { ...references },
  headingBase,
});

export const tokensOf = (text, context) => parser.parse(text, context);

export function nodesOf(tokens, context) {
  const root = document.createDocumentFragment();
  append(root, tokens, context);
  return [...root.childNodes];
}

function append(root, tokens, context) {
  const open = [root];
  for (const token of tokens) {
    if (token.hidden) {
      continue;
    }
    if (token.nesting < 0) {
      open.pop();
    } else if (token.nesting > 0) {
      const { outer, inner } = elementOf(token, context);
      open.at(-1).append(outer);
      open.push(inner);
    } else if (token.type === "inline") {
      append(open.at(-1), token.children, context);
    } else {
      const inLink = open.some(({ nodeName }) => nodeName === "A");
      open.at(-1).append(leafOf(token, context, inLink));
    }
  }
}

function elementOf(token, context) {
  if (token.type === "heading_open") {
    return only(document.createElement(headingTag(token.tag, context)));
  }
  if (token.type === "table_open") {
    return table();
  }
  if (token.type === "link_open") {
    return only(link(token.attrGet("href")));
  }
  const element = document.createElement(TAGS.has(token.tag) ? token.tag : "span");
  const start = token.attrGet("start");
  if (start !== null) {
    element.setAttribute("start", start);
  }
  const alignment = ALIGNMENT.exec(token.attrGet("style") ?? "");
  if (alignment) {
    element.className = alignment[1];
  }
  return only(element);
}

const only = (element) => ({ outer: element, inner: element });

function leafOf(token, context, inLink) {
  switch (token.type) {
    case "fence":
      return codeBlock(token.content, token.info.trim().split(/\s+/)[0]);
    case "code_block":
      return codeBlock(token.content, "");
    case "code_inline":
      return withText(document.createElement("code"), token.content);
    case "image":
      return image(token, context, inLink);
    case "softbreak":
      return document.createTextNode("\n");
    case "hardbreak":
    case "hr":
      return document.createElement(token.tag);
    default:
      return document.createTextNode(token.content);
  }
}

function headingTag(tag, context) {
  const level = Number(tag.slice(1));
  context.headingBase ||= level;
  const shifted = FIRST_HEADING_LEVEL + level - context.headingBase;
  return `h${Math.min(Math.max(shifted, FIRST_HEADING_LEVEL), LAST_HEADING_LEVEL)}`;
}

/** A link that leads to anything but a page or a mailbox is shown as the text that it is. */
export function link(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !LINK_PROTOCOLS.has(url.protocol)) {
    return document.createElement("span");
  }
  const anchor = document.createElement("a");
  anchor.href = url.href;
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  return anchor;
}

/** A picture is not loaded: its address would tell a stranger who reads what. It is linked. */
function image(token, context, inLink) {
  const address = token.attrGet("src");
  const place = inLink ? document.createElement("span") : link(address);
  place.classList.add("picture");
  append(place, token.children, context);
  if (!place.textContent) {
    place.textContent = address;
  }
  return place;
}

/** Wide tables and long lines of code scroll in a box of their own, by keyboard too. */
function scrollBox(className, label) {
  const box = document.createElement("div");
  box.className = className;
  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", label);
  return box;
}

function table() {
  const outer = scrollBox("table", "Table");
  const inner = document.createElement("table");
  outer.append(inner);
  return { outer, inner };
}

function codeBlock(content, language) {
  const block = document.createElement("div");
  const bar = document.createElement("div");
  const copy = document.createElement("button");
  const box = scrollBox("lines", language ? `Code, ${language}` : "Code");
  const pre = document.createElement("pre");
  block.className = "code";
  bar.className = "code-bar";
  copy.type = "button";
  copy.dataset.copy = "code";
  copy.setAttribute("aria-label", "Copy this code");
  bar.append(withText(document.createElement("span"), language), withText(copy, "Copy"));
  pre.append(withText(document.createElement("code"), content));
  box.append(pre);
  block.append(bar, box);
  return block;
}

function withText(element, text) {
  element.append(text);
  return element;
}
