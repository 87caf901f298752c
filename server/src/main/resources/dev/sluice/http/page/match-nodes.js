/**
 * Makes the children of an element, from one on, equal to the nodes given. What is equal already
 * stays the node that it is, with what the reader has selected and how far a box is scrolled.
 */
export function matchChildren(parent, nodes, from = 0) {
  matchSome(parent, nodes, from);
  while (parent.childNodes.length > from + nodes.length) {
    parent.lastChild.remove();
  }
}

/** The same, and what follows stays. */
export function matchSome(parent, nodes, from) {
  nodes.forEach((node, index) => {
    const shown = parent.childNodes[from + index];
    if (!shown) {
      parent.append(node);
    } else if (!match(shown, node)) {
      shown.replaceWith(node);
    }
  });
}

function match(shown, node) {
  if (shown.nodeName !== node.nodeName) {
    return false;
  }
  if (shown.nodeType === Node.TEXT_NODE) {
    setText(shown, node.data);
    return true;
  }
  if (!sameAttributes(shown, node)) {
    return false;
  }
  matchChildren(shown, [...node.childNodes]);
  return true;
}

function setText(shown, text) {
  if (text.startsWith(shown.data)) {
    if (text.length > shown.data.length) {
      shown.appendData(text.slice(shown.data.length));
    }
  } else {
    shown.data = text;
  }
}

const sameAttributes = (shown, node) =>
  shown.attributes.length === node.attributes.length &&
  [...node.attributes].every(({ name, value }) => shown.getAttribute(name) === value);
