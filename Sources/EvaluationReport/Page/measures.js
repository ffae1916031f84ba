// Histograms of the measures of coherence.

const measureNames = {
  inScale: ["Notes in the scale of the key", ""], keyConfidence: ["Confidence of the key", ""],
  pitchClassDrift: ["Drift of pitch classes", "From the first half to the second."],
  fallingFifths: ["Falling fifths", "Changes of chord such as V–I and ii–V."],
  cadences: ["Cadences", "Per minute."],
  heldNotes: ["Held notes", "Share of the sounding time in notes over 4 s."],
  recurringFigures: ["Recurring figures", "Five intervals of the melody that come again."],
  repeatedRhythms: ["Repeated rhythms", "Five times between onsets that come again."],
  returningFigures: ["Returns", "Figures that come again after 8 s or more."],
  meterStrength: ["Strength of meter", "How strongly onsets recur at a period."],
  repeatedTopNotes: ["Repeated top notes", "Share of the melody’s intervals."],
};
const number = (value, places = 2) => value.toFixed(places).replace(/^(-?)0\./, "$1.");

function medianOf(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/** Takes and real music as bars side by side, and a line at each median. */
function measureChart({ name, takes, real, distance }) {
  const [width, height, bins] = [280, 96, 14];
  const all = [...takes, ...real];
  if (takes.length === 0 || real.length === 0) return;
  const low = Math.min(0, ...all);
  const top = Math.max(...all, 0.05);
  const high = top > 0.7 ? Math.max(1, top) : Math.ceil(top * 20) / 20;
  const x = (value) => ((value - low) / (high - low)) * width;
  const shares = (values) => {
    const counts = Array(bins).fill(0);
    for (const value of values) counts[Math.min(bins - 1, Math.floor(((value - low) / (high - low)) * bins))] += 1 / values.length;
    return counts;
  };
  const sides = [["takes", takes], ["real", real]].map(([side, values]) => [side, shares(values), medianOf(values)]);
  const most = Math.max(...sides.flatMap(([, counts]) => counts));
  const [title, hint] = measureNames[name] || [name, ""];
  const summary = sides.map(([side, , median]) => `${side === "takes" ? "takes" : "real music"} ${number(median)}`).join(", ");
  const svg = element("svg", { viewBox: `0 -4 ${width} ${height + 22}`, role: "img", "aria-label": `${title}. Medians: ${summary}` });
  const step = width / bins;
  sides.forEach(([side, counts, median], place) => {
    counts.forEach((share, i) => {
      const size = (share / most) * height;
      if (share > 0) svg.append(element("rect", {
        class: side, x: i * step + step * (0.08 + 0.43 * place), y: height - size, width: step * 0.41, height: Math.max(1, size), rx: 1.5,
      }, element("title", {}, `${side === "takes" ? "takes" : "real music"}: ${(100 * share).toFixed(0)} % at ${number(low + (i * (high - low)) / bins)} to ${number(low + ((i + 1) * (high - low)) / bins)}`)));
    });
    svg.append(element("line", { class: `median ${side}`, x1: x(median), x2: x(median), y1: -4, y2: height }));
  });
  svg.append(element("line", { x1: 0, x2: width, y1: height + 0.5, y2: height + 0.5 }));
  for (const share of [0, 0.5, 1]) {
    const anchor = ["start", "middle", "end"][share * 2];
    svg.append(element("text", { x: share * width, y: height + 15, style: `text-anchor: ${anchor}` }, number(low + share * (high - low))));
  }
  const apart = distance && distance.takes !== undefined
    ? ` Distance ${number(distance.takes)}${distance.halves === undefined ? "" : `, of real halves ${number(distance.halves)}`}.` : "";
  byId("measures").append(element("figure", {}, element("figcaption", {}, title), element("small", {}, hint || "\u00a0"), svg,
    element("small", {}, `Medians: ${summary}.${apart}`)));
}
