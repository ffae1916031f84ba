// Histograms, as SVG whose colors follow the page.

const chart = { width: 260, height: 130 };

/** A panel with a bar for each value; `names` label the bars that have one. */
function histogram(title, values, names, { home = -1, hint = "", unit = (v) => String(v) } = {}) {
  const { width, height } = chart;
  const most = Math.max(...values, 1e-9);
  const step = width / values.length;
  const summary = values.map((v, i) => [v, names(i, true)]).filter(([v]) => v > 0)
    .sort((a, b) => b[0] - a[0]).slice(0, 3).map(([v, name]) => `${name} ${unit(v)}`).join(", ");
  const svg = element("svg", { viewBox: `0 0 ${width} ${height + 18}`, role: "img", "aria-label": `${title}. Most: ${summary}` });
  svg.append(element("line", { x1: 0, x2: width, y1: height + 0.5, y2: height + 0.5 }));
  values.forEach((value, i) => {
    const bar = Math.max(value > 0 ? 1 : 0, (value / most) * (height - 6));
    // The target of the pointer is the whole column, since bars may be low.
    svg.append(element("g", { "data-tip": `${names(i, true)}: ${unit(value)}` },
      element("rect", { x: i * step, y: 0, width: step, height, class: "column" }),
      element("rect", {
        x: i * step + step * 0.1, y: height - bar, width: step * 0.8, height: bar, rx: Math.min(2.5, step * 0.2),
        class: i === home ? "home" : "",
      })));
    const name = names(i, false);
    if (name) svg.append(element("text", { x: (i + 0.5) * step, y: height + 14 }, name));
  });
  byId("charts").append(element("section", { class: "panel chart" },
    element("h2", {}, title), element("p", { class: "hint printed" }, hint), svg));
}

/** Bins of a histogram without empty ends. */
function trimmed(counts) {
  let [first, last] = [counts.findIndex((c) => c > 0), counts.length - 1];
  while (last > first && counts[last] === 0) last--;
  return first < 0 ? [0, 0] : [Math.max(0, first - 1), Math.min(counts.length, last + 2)];
}

// Note values in quarters, those without a dot labeled as parts of a whole note.
const noteValues = [
  [0.125, "32nd", "1/32"], [0.25, "16th", "1/16"], [1 / 3, "triplet eighth"], [0.5, "eighth", "1/8"], [0.75, "dotted eighth"],
  [1, "quarter", "1/4"], [1.5, "dotted quarter"], [2, "half", "1/2"], [3, "dotted half"], [4, "whole note", "1/1"],
];
const quarterSeconds = rhythm.tempoBPM ? 60 / rhythm.tempoBPM / quartersPerBeat : 0;

/** The duration of a quarter note in seconds at a time of the piece. */
function quarterAt(time) {
  const next = Math.min(beats.length - 1, Math.max(1, upperBound(beats, time + 0.002)));
  return beats.length > 1 ? (beats[next] - beats[next - 1]) / quartersPerBeat : quarterSeconds;
}

/** A duration in words: as a note value, with quarter notes of a given duration, and in milliseconds. */
function durationText(seconds, quarter = quarterSeconds) {
  const plain = seconds < 0.995 ? `${Math.round(seconds * 1000)} ms` : `${Number(seconds.toPrecision(2))} s`;
  const distance = ([quarters]) => Math.abs(Math.log(seconds / (quarters * quarter)));
  const nearest = noteValues.reduce((a, b) => (distance(b) < distance(a) ? b : a));
  if (!quarter || seconds <= 0) return plain;
  if (distance(nearest) < 0.13) return `${nearest[1]} (${plain})`;
  if (distance(nearest) < 0.35) return `about ${nearest[1] === "eighth" ? "an" : "a"} ${nearest[1]} (${plain})`;
  return `${Number((seconds / quarter).toPrecision(2))} quarters (${plain})`;
}

function durations(title, bins) {
  if (!bins || !bins.counts.some((c) => c > 0)) return;
  const [first, last] = trimmed(bins.counts);
  const edges = bins.edgesSeconds.slice(first, last);
  // The geometric center of each bin; there are four per octave.
  const middles = edges.map((edge) => edge * 2 ** 0.125);
  const labels = new Map(noteValues.filter((value) => value[2] && quarterSeconds).map(([quarters, , label]) => {
    const bin = upperBound(bins.edgesSeconds, quarters * quarterSeconds * 1.0001) - 1 - first;
    return [bin, label];
  }));
  const usual = middles[bins.counts.indexOf(Math.max(...bins.counts)) - first];
  const between = Math.max(4, Math.ceil(edges.length / 4));
  const tick = (i) => (labels.size ? labels.get(i) || "" : i % between === Math.floor(between / 2) ? durationText(middles[i]) : "");
  histogram(title, bins.counts.slice(first, last), (i, full) => (full ? durationText(middles[i]) : tick(i)),
    { hint: `Most often ${durationText(usual)}.${labels.size ? " In parts of a whole note." : ""}`, unit: (v) => `${v} notes` });
}

function showCharts() {
  if (harmony.pitchClasses) {
    const tonic = harmony.key ? pitchClassOf(harmony.key.name.split(" ")[0]) : -1;
    histogram("Note names", harmony.pitchClasses, (i) => homeNames[i], {
      home: tonic, unit: percent,
      hint: `Share of the time${harmony.key ? "; the tonic stands out" : ""}.`,
    });
  }
  const intervals = melody.intervalCounts || [];
  if (intervals.some((c) => c > 0)) {
    const shown = intervals.slice(12, 37);
    shown[0] += intervals.slice(0, 12).reduce((a, b) => a + b, 0);
    shown[24] += intervals.slice(37).reduce((a, b) => a + b, 0);
    histogram("Intervals of the melody", shown,
      (i, full) => (full || [0, 5, 12, 19, 24].includes(i) ? `${i > 12 ? "+" : i < 12 ? "−" : ""}${Math.abs(i - 12)}` : ""), {
        home: 12, unit: (v) => `${v} times`,
        hint: melody.stepShare === undefined ? "" : `${percent(melody.stepShare)} steps, ${percent(melody.leapShare)} leaps; in semitones.`,
      });
  }
  durations("Time between onsets", rhythm.interOnsetHistogram);
  durations("Length of notes", rhythm.durationHistogram);
}
