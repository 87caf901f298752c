import { announce } from "./notes.js";

const SAID_MS = 1_500;

/** Copies what the button that was clicked stands for, if it is one that copies. */
export async function onCopyClick(target) {
  const button = target.closest("[data-copy], #copy-link");
  if (!button) {
    return;
  }
  const said = (await copy(textFor(button))) ? "Copied" : "Not allowed";
  const label = (button.dataset.label ??= button.textContent);
  button.textContent = said;
  announce(`${said}.`);
  setTimeout(() => {
    button.textContent = label;
  }, SAID_MS);
}

function textFor(button) {
  switch (button.dataset.copy) {
    case "answer":
      return button.closest(".turn").querySelector("[data-part=answer]").textContent;
    case "code":
      return button.closest(".code").querySelector("code").textContent;
    default:
      return location.href;
  }
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyOldWay(text);
  }
}

/** The clipboard itself exists on https and localhost only. */
function copyOldWay(text) {
  const box = document.createElement("textarea");
  const focused = document.activeElement;
  box.value = text;
  box.className = "unseen";
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  focused?.focus();
  return copied;
}
