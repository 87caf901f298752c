
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const css = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const element = (tag, text, className) => {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (className) made.className = className;
    return made;
  };
  const digits = value =>
    value === null || value === undefined ? "–"
      : value >= 1000 ? Math.round(value).toLocaleString("en")
        : value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3);
  const colour = run => css("--run" + (run % 8));

  function drawRuns() {
    const all = document.getElementById("runs");
    data.runs.forEach((run, index) => {
      const card = element("article", undefined, "card run");
      card.style.setProperty("--own", `var(--run${index % 8})`);
      card.append(element("h2", run.name));
      card.append(element("div", run.verdict, "verdict " + run.verdict.slice(0, 4)));
      const name = run.figures["latency p50, ms"] === null ? "first token" : "latency";
      const big = element("div", digits(run.figures[name + " p99, ms"]), "big");
      big.append(element("small", " ms p99, " + name + "; p50 " + digits(run.figures[name + " p50, ms"])));
      card.append(big);
      if (run.processes > 1) card.append(element("p", run.processes + " rig processes, merged", "note"));
      if (run.findings.length) {
        const list = element("ul");
        run.findings.slice(0, 8).forEach(finding => list.append(element("li", finding)));
        if (run.findings.length > 8) list.append(element("li", `and ${run.findings.length - 8} more`));
        card.append(list);
      }
      all.append(card);
    });
  }

  function drawFigures() {
    const table = document.getElementById("figures");
    const head = table.createTHead().insertRow();
    head.append(element("th", ""));
    data.runs.forEach(run => head.append(element("th", run.name)));
    const body = table.createTBody();
    Object.keys(data.runs[0].figures).forEach(name => {
      const values = data.runs.map(run => run.figures[name]);
      if (values.every(value => value === null)) return;
      const row = body.insertRow();
      row.append(element("td", name));
      values.forEach((value, index) => {
        const cell = element("td", digits(value));
        if (index > 0 && value !== null && values[0]) {
          cell.append(element("small", "× " + (value / values[0]).toFixed(2)));
        }
        row.append(cell);
      });
    });
  }

  function drawMishaps() {
    const kinds = [...new Set(data.runs.flatMap(run => Object.keys(run.mishaps)))];
    document.getElementById("survived").hidden = kinds.length === 0;
    const table = document.getElementById("mishaps");
    const head = table.createTHead().insertRow();
    head.append(element("th", ""));
    data.runs.forEach(run => head.append(element("th", run.name)));
    const body = table.createTBody();
    kinds.forEach(kind => {
      const row = body.insertRow();
      row.append(element("td", kind));
      data.runs.forEach(run => {
        const counts = run.mishaps[kind];
        const text = counts && counts[0].toLocaleString("en") + " of " + counts[1].toLocaleString("en");
        row.append(element("td", text || "–", counts && counts[0] < counts[1] ? "FAIL" : undefined));
      });
    });
  }

  function drawSettings() {
    const all = document.getElementById("settings");
    data.runs.forEach(run => {
      const details = element("details");
      details.append(element("summary", run.name), element("pre", JSON.stringify(run.settings, null, 2)));
      all.append(details);
    });
  }

  const charts = [];

  function chart(title, note, x, series, options) {
    charts.push({ title, note, x, series, options });
  }

  function quantile(x) {
    return x <= 1 ? "0 %" : parseFloat((100 * (1 - 1 / x)).toFixed(Math.max(0, Math.ceil(Math.log10(x)) - 1))) + " %";
  }

  function percentileChart(key, title) {
    if (!data[key]) return;
    chart(title, "milliseconds over percentiles; each further nine takes the same room", data[key].x,
      data.runs.map((run, index) => ({ label: run.name, run: index, values: data[key].y[index] })),
      {
        xLog: true, yLog: true, unit: " ms", xLabel: "percentile", xValue: quantile,
        xSplits: (min, max) => [2, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].filter(at => at <= max),
      });
  }

  function timelineChart(title, note, what, unit, yLog) {
    const seconds = [...new Set(data.runs.flatMap(run => run.timeline.t))].sort((a, b) => a - b);
    if (!seconds.length) return;
    const series = data.runs.flatMap((run, index) => {
      const place = new Map(run.timeline.t.map((t, i) => [t, i]));
      return what.map(key => ({
        label: data.runs.length > 1 ? run.name + (what.length > 1 ? " " + key : "") : key,
        run: what.length > 1 && data.runs.length === 1 ? what.indexOf(key) : index,
        dash: data.runs.length > 1 && key === "p50" ? [4, 4] : undefined,
        values: seconds.map(t => place.has(t) ? run.timeline[key][place.get(t)] : null),
      }));
    });
    chart(title, note, seconds, series,
      { yLog, unit, xLabel: "second", xValue: t => t + " s", fromZero: !yLog });
  }

  function gapChart() {
    if (!data.gapSpread.x.length) return;
    chart("Gaps between tokens of a stream", "percent of all gaps by their length, in steps of a tenth of a decade",
      data.gapSpread.x,
      data.runs.map((run, index) => ({ label: run.name, run: index, values: data.gapSpread.y[index], steps: true })),
      { xLog: true, unit: " %", xLabel: "gap", xValue: x => +x.toPrecision(3) + " ms", fromZero: true,
        xSplits: (min, max) => [1e-3, 1e-2, 0.1, 1, 10, 100, 1e3, 1e4, 1e5, 1e6].filter(at => at >= min * 0.999 && at <= max) });
  }

  function uplotOptions(spec, width) {
    const o = spec.options;
    const axis = {
      stroke: css("--soft"), grid: { stroke: css("--line"), width: 1 }, ticks: { stroke: css("--line"), width: 1 },
      font: "12px system-ui, sans-serif",
    };
    return {
      width, height: 300,
      scales: {
        x: { time: false, distr: o.xLog ? 3 : 1 },
        y: { distr: o.yLog ? 3 : 1, range: o.fromZero ? (u, min, max) => [0, max > 0 ? max * 1.08 : 1] : undefined },
      },
      axes: [
        Object.assign({}, axis, {
          values: (u, splits) => splits.map(x => x === null ? null : o.xValue(x)),
          splits: o.xSplits ? u => o.xSplits(u.data[0][0], u.data[0][u.data[0].length - 1]) : undefined,
          filter: o.xSplits ? (u, splits) => splits : undefined,
          space: 60,
        }),
        Object.assign({}, axis, {
          size: 60,
          values: (u, splits) => splits.map(y => y === null ? null : y >= 1000 ? y.toLocaleString("en") : String(+y.toPrecision(3))),
        }),
      ],
      series: [
        { label: o.xLabel, value: (u, x) => x === null || x === undefined ? "" : o.xValue(x) },
        ...spec.series.map(s => ({
          label: s.label, stroke: colour(s.run), width: 2, dash: s.dash,
          points: { show: spec.x.length < 3 },
          fill: s.steps && spec.series.length === 1 ? colour(s.run) + "33" : undefined,
          paths: s.steps ? uPlot.paths.stepped({ align: 1 }) : undefined,
          value: (u, y) => y === null || y === undefined ? "–" : digits(y) + o.unit,
        })),
      ],
    };
  }

  let drawn = [];

  function draw() {
    const all = document.getElementById("charts");
    drawn.forEach(plot => plot.destroy());
    drawn = [];
    all.replaceChildren();
    const places = charts.map(spec => {
      const card = element("article", undefined, "card");
      card.append(element("h2", spec.title), element("p", spec.note, "note"));
      const place = element("div");
      card.append(place);
      all.append(card);
      return place;
    });
    // Their width is known when all are in their places.
    charts.forEach((spec, index) => {
      const place = places[index];
      // A value of 0 has no place on a logarithmic scale.
      const shown = spec.series.map(s => spec.options.yLog ? s.values.map(y => y > 0 ? y : null) : s.values);
      drawn.push(new uPlot(uplotOptions(spec, place.clientWidth), [spec.x, ...shown], place));
    });
  }

  drawRuns();
  drawFigures();
  drawMishaps();
  drawSettings();
  percentileChart("latency", "Latency");
  percentileChart("first-token", "First token");
  timelineChart("Tokens per second", "as received by the streams that are measured", ["rate"], "", false);
  timelineChart("Latency over time", "milliseconds, p50 and p99 of each second; of first tokens where the target makes its own", ["p50", "p99"], " ms", true);
  percentileChart("gap", "Gap between tokens");
  gapChart();
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let resize;
  addEventListener("resize", () => { clearTimeout(resize); resize = setTimeout(draw, 150); });
})();
