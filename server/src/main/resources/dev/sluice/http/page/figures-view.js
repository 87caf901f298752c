const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 120;
const HEIGHT = 20;
const WIDEST_STEP = 3;

/** Shows what was measured of a run, and what its producer says of it. */
export function showFigures(parts, figures, usage) {
  const { firstTokenMs, tokensPerSecond, tokens, gaps, medianGapMs, longestGapMs } = figures;
  set(parts["first-token"], firstTokenMs ?? null, duration);
  set(parts["token-rate"], tokensPerSecond ?? null, (rate) => `${rounded(rate)}/s`);
  set(parts["token-count"], tokens || null, String);
  const pace = gaps?.length
    ? `median ${duration(medianGapMs)}, max ${duration(longestGapMs)}`
    : null;
  set(parts["gaps-figure"], pace, String);
  set(parts.usage, usageWords(usage), String);
  if (pace) {
    parts.sparkline.replaceChildren(bars(gaps));
  }
}

function set(part, value, words) {
  part.textContent = value === null ? "" : words(value);
  part.closest("div").hidden = value === null;
}

function usageWords(usage) {
  const input = usage?.input_tokens ?? usage?.prompt_tokens ?? usage?.promptTokens;
  const output = usage?.output_tokens ?? usage?.completion_tokens ?? usage?.completionTokens;
  const words = [
    Number.isFinite(input) ? `${input} in` : "",
    Number.isFinite(output) ? `${output} out` : "",
  ];
  return words.filter(Boolean).join(", ") || null;
}

/** By the root of each gap: a pause of seconds leaves those of milliseconds visible. */
function bars(gaps) {
  const tallest = Math.sqrt(Math.max(...gaps, 1));
  const step = Math.min(WIDEST_STEP, WIDTH / gaps.length);
  const path = document.createElementNS(SVG, "path");
  const lines = gaps.map((gap, index) => {
    const height = Math.max(1, (HEIGHT * Math.sqrt(gap)) / tallest);
    return `M${((index + 0.5) * step).toFixed(1)} ${HEIGHT}v${(-height).toFixed(1)}`;
  });
  path.setAttribute("d", lines.join(""));
  path.setAttribute("stroke-width", (0.6 * step).toFixed(2));
  return path;
}

const rounded = (number) => (number < 10 ? number.toFixed(1) : String(Math.round(number)));

const duration = (ms) =>
  ms < 1000 ? `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
