// The charts of the page, what can be chosen, and the cursor that they share.

const levels = ["global", "phrase", "local"];
const training = (name, label, style) => ({ of: "training", name, label, style });
const heldOut = (name, label, style) => ({ of: "validation", name, label, style });
const charts = [
  {
    id: "loss", title: "Loss", unit: "nats/token", isWide: true, height: 300, series: [
      training("boundNatsPerToken", "bound, training", "s0 faint"), training("natsPerToken", "reconstruction, training", "s1 faint"),
      heldOut("boundNatsPerToken", "bound, held out", "s0 held"), heldOut("natsPerToken", "reconstruction, held out", "s1 held"),
    ],
  },
  {
    id: "kl", title: "KL by level", unit: "nats/window", isWide: true, height: 300, floor: 0, series: [
      ...levels.map((level, i) => training(`kl.${level}`, level, `s${i}`)),
      ...levels.map((level, i) => heldOut(`kl.${level}`, `${level}, held out`, `s${i} dashed`)),
    ],
  },
  { id: "beta", title: "Weight of the KL", unit: "β", height: 170, floor: 0, series: [training("beta", "", "s3")] },
  { id: "rate", title: "Learning rate", unit: "", height: 170, floor: 0, series: [training("learningRate", "", "s2")] },
  { id: "speed", title: "Speed", unit: "tokens/s", height: 170, floor: 0, series: [training("tokensPerSecond", "", "s0")] },
  { id: "norm", title: "Gradient norm", unit: "before clipping", height: 170, isAlwaysLog: true, series: [training("gradientNorm", "", "s1")] },
];
// Without latents the bound is the reconstruction, and there is no KL.
const has = (series) => (data[series.of].values[series.name] || []).some((value) => value !== null);
if (!has(training("kl.global"))) charts[0].series = charts[0].series.filter((series) => series.name === "natsPerToken");

const choices = [
  { name: "scale", label: "Values", options: [["linear", "linear"], ["log", "log"]] },
  { name: "axis", label: "over", options: [["step", "steps"], ["tokens", "tokens"], ["seconds", "time"]] },
  { name: "part", label: "Show", options: [["1", "the whole run"], ["0.5", "last half"], ["0.1", "last tenth"]] },
];
const chosen = (name) => document.querySelector(`input[name="${name}"]:checked`).value;

function showChoices() {
  const form = document.querySelector("form");
  for (const { name, label, options } of choices) {
    form.append(element("fieldset", {}, element("legend", {}, label), element("span", { class: "choice" },
      ...options.map(([value, text], i) => element("label", {},
        element("input", { type: "radio", name, value, ...(i === 0 ? { checked: "" } : {}) }), text)))));
  }
  form.addEventListener("change", drawAll);
}

/** Minutes where the run is short, else hours. */
const timeUnit = data.total.seconds < 5400 ? [60, "min"] : [3600, "h"];

function currentView() {
  const axis = chosen("axis");
  const unit = axis === "seconds" ? timeUnit[0] : 1;
  const to = data.total[axis] / unit;
  const part = Number(chosen("part"));
  const unitName = axis === "seconds" ? timeUnit[1] : "";
  return { axis, unit, unitName, to, from: part === 1 ? 0 : to * (1 - part), isLog: chosen("scale") === "log" };
}
const axisText = (view, x) =>
  view.axis === "seconds" ? `${figure(x)} ${timeUnit[1]}` : view.axis === "tokens" ? `${figure(x)} tokens` : `step ${Math.round(x).toLocaleString("en")}`;

function showChart(chart) {
  chart.svg = element("svg", { class: "plot", role: "img", tabindex: 0 });
  chart.key = element("p", { class: "key" });
  byId("charts").append(element("section", { class: `panel chart ${chart.isWide ? "wide" : ""}` },
    element("h2", {}, `${chart.title} `, element("small", {}, chart.unit)), chart.key, chart.svg));
  chart.svg.addEventListener("pointermove", (event) => {
    const box = chart.svg.getBoundingClientRect();
    if (chart.plot) moveCursor(((event.clientX - box.left - chart.plot.left) / (chart.plot.right - chart.plot.left)));
  });
  chart.svg.addEventListener("pointerleave", () => moveCursor(undefined));
  chart.svg.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -0.01, ArrowRight: 0.01 }[event.key];
    if (event.key === "Escape") moveCursor(undefined);
    if (!step) return;
    event.preventDefault();
    moveCursor((cursor ?? 1) + step);
  });
}

/** Where the cursor is, as a share of the axis; undefined where it is not shown. */
let cursor;
let isScheduled = false;
function moveCursor(share) {
  cursor = share === undefined ? undefined : Math.max(0, Math.min(1, share));
  if (isScheduled) return;
  isScheduled = true;
  requestAnimationFrame(() => { isScheduled = false; charts.forEach(showCursor); });
}

/** The point of a curve nearest to a place; undefined where there is none. */
function nearest(points, x) {
  let [low, high] = [0, points.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (points[middle][0] < x) low = middle + 1; else high = middle;
  }
  const after = points[low];
  const before = points[low - 1];
  return before && after && x - before[0] < after[0] - x ? before : after;
}

function showCursor(chart) {
  chart.svg.querySelectorAll(".mark").forEach((mark) => mark.remove());
  const plot = chart.plot;
  if (!plot) return;
  const x = cursor === undefined ? undefined : plot.from + cursor * (plot.to - plot.from);
  if (x !== undefined) {
    chart.svg.append(element("line", { class: "cursor mark", x1: plot.x(x), x2: plot.x(x), y1: plot.top, y2: plot.bottom }));
  }
  const parts = [];
  chart.series.forEach((series, i) => {
    const point = x === undefined ? plot.curves[i][plot.curves[i].length - 1] : nearest(plot.curves[i], x);
    if (!point) return;
    if (x !== undefined) {
      chart.svg.append(element("circle", { class: `mark ${series.style.split(" ")[0]}`, cx: plot.x(point[0]), cy: plot.y(point[1]), r: 3.5 }));
    }
    const sample = element("svg", { viewBox: "0 0 24 10", "aria-hidden": "true" }, element("path", { class: `series ${series.style}`, d: "M1 5H23" }));
    parts.push(element("span", {}, sample, series.label ? `${series.label} ` : "", element("b", {}, figure(point[1]))));
  });
  if (x !== undefined) parts.push(element("span", {}, `at ${axisText(currentView(), x)}`));
  chart.key.replaceChildren(...parts);
}

function drawAll() {
  const view = currentView();
  for (const chart of charts) {
    chart.plot = drawPlot(chart, view);
    if (!chart.plot) {
      chart.svg.setAttribute("height", 0);
      chart.key.replaceChildren(element("span", { class: "empty" }, "Nothing here yet."));
      continue;
    }
    showCursor(chart);
    chart.svg.setAttribute("aria-label", `${chart.title}. At the end: ${chart.key.textContent}`);
  }
}

byId("subtitle").textContent = data.subtitle;
for (const { name, value, note } of data.facts) {
  byId("facts").append(element("div", { class: "fact" }, element("h2", {}, name), element("strong", {}, value), element("small", {}, note)));
}
showChoices();
for (const chart of charts) if (chart.id !== "kl" || chart.series.some(has)) showChart(chart);
charts.splice(0, charts.length, ...charts.filter((chart) => chart.svg));
if (charts.length % 2 === 1) charts[0].svg.closest("section").style.gridColumn = "1 / -1";
drawAll();
let width = innerWidth;
addEventListener("resize", () => { if (innerWidth !== width) { width = innerWidth; drawAll(); } });
