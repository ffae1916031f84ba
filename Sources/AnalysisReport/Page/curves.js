// Curves below the roll, on its time axis: overview, tempo, dynamics and tension.

function drawOverview() {
  const { context, width, height } = surface(byId("overview"));
  const inner = width - gutter;
  const row = (height - 8) / (highestPitch - lowestPitch + 1);
  for (const key of localKeys) {
    context.fillStyle = keyColor(key.name, colors.tint);
    const left = gutter + (key.startSeconds / duration) * inner;
    context.fillRect(left, 0, Math.max(1, ((key.endSeconds - key.startSeconds) / duration) * inner - 0.5), 4);
  }
  context.globalAlpha = 0.7;
  for (let i = 0; i < noteCount; i++) {
    if (hasPitches && !pitched(i)) continue;
    context.fillStyle = colors.parts[colorIndex(i)];
    const x = gutter + (onsets[i] / duration) * inner;
    const y = hasPitches ? (highestPitch - pitches[i]) * row : (drumRows.get(pitches[i]) / drumPitches.length) * (height - 8);
    context.fillRect(x, 6 + y, Math.max(0.8, ((ends[i] - onsets[i]) / duration) * inner), Math.max(1.4, row));
  }
  context.globalAlpha = 1;
}

// The notes of the overview do not depend on the view, so they are drawn once and cached.
let overviewPicture;
function drawOverviewFrame() {
  const canvas = byId("overview");
  if (!overviewPicture) {
    drawOverview();
    overviewPicture = document.createElement("canvas");
    [overviewPicture.width, overviewPicture.height] = [canvas.width, canvas.height];
    overviewPicture.getContext("2d").drawImage(canvas, 0, 0);
  }
  const { context, width, height } = surface(canvas);
  context.drawImage(overviewPicture, 0, 0, width, height);
  const x = (time) => gutter + (time / duration) * (width - gutter);
  context.fillStyle = colors.cursor;
  for (const place of (hoveredMotive || chosenMotive)?.occurrences || []) {
    context.fillRect(x(place.startSeconds), height - 5, Math.max(3, x(place.endSeconds) - x(place.startSeconds)), 5);
  }
  context.fillStyle = colors.panel;
  context.globalAlpha = 0.6;
  context.fillRect(gutter, 0, x(view.start) - gutter, height);
  context.fillRect(x(view.end), 0, width - x(view.end), height);
  context.globalAlpha = 1;
  context.strokeStyle = colors.accent;
  context.lineWidth = 1.5;
  context.strokeRect(x(view.start) + 0.75, 0.75, Math.max(2, x(view.end) - x(view.start) - 1.5), height - 1.5);
  context.fillStyle = colors.cursor;
  context.fillRect(x(view.cursor) - 0.75, 0, 1.5, height);
}
drawings.push(drawOverviewFrame);

/** Draws points of (time, value) as a line, with at most a few per pixel, and the area down to `base`; dashed without one. */
function drawCurve(context, width, points, y, color, base = undefined) {
  const from = Math.max(0, upperBound(points, view.start, (p) => p[0]) - 1);
  const to = Math.min(points.length, upperBound(points, view.end, (p) => p[0]) + 1);
  if (to <= from) return;
  const step = Math.max(1, Math.floor((to - from) / (3 * width)));
  drawInside(context, gutter, 0, width - gutter, (base ?? 1e4) + 1, () => {
    context.beginPath();
    if (base === undefined) context.setLineDash([5, 4]);
    for (let i = from; i < to; i += step) {
      const [px, py] = [timeToX(points[i][0], width), y(points[i][1])];
      if (i === from) context.moveTo(px, py); else context.lineTo(px, py);
    }
    context.strokeStyle = color;
    context.lineWidth = 1.8;
    context.lineJoin = "round";
    context.stroke();
    if (base !== undefined) {
      context.lineTo(timeToX(points[to - 1][0], width), base);
      context.lineTo(timeToX(points[from][0], width), base);
      context.globalAlpha = 0.12;
      context.fillStyle = color;
      context.fill();
    }
  });
}

function drawAxis(context, width, values, y, text) {
  context.textAlign = "right";
  for (const value of values) {
    context.fillStyle = colors.line;
    context.fillRect(gutter, Math.round(y(value)), width - gutter, 1);
    context.fillStyle = colors.soft;
    context.fillText(text(value), gutter - 6, y(value));
  }
}

/** Adds a curve with its canvas, or removes its lane if there are no points. */
function addCurve(id, points, draw, label) {
  if (points.length < 2) {
    byId(`${id}-lane`).remove();
    return;
  }
  byId(id).setAttribute("aria-label", label);
  drawings.push(() => {
    const { context, width, height } = surface(byId(id));
    drawGrid(context, width, 0, height);
    draw(context, width, height);
    drawCursor(context, width, 0, height);
  });
}

/** The value of a curve of (time, value) at a time, interpolated; undefined outside the curve. */
function valueAt(points, time) {
  const next = upperBound(points, time, (p) => p[0]);
  if (next === 0 || next === points.length) return next && time <= points[next - 1][0] + 2 ? points[next - 1][1] : undefined;
  const [[from, before], [to, after]] = [points[next - 1], points[next]];
  return before + ((after - before) * (time - from)) / Math.max(1e-6, to - from);
}

/** Round values between two bounds, about `count` of them. */
function ticks(low, high, count) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].find((s) => s * unit >= rough) * unit;
  const values = [];
  for (let value = Math.ceil(low / step) * step; value <= high; value += step) values.push(value);
  return values;
}

byId("tempo-unit").textContent = `${beatNote} in a minute${take ? "; dashed: the reference" : ""}`;
// A constant tempo is shown as a number instead of a curve. For a take, each passage has a curve of its own.
const tempoCurves = take
  ? take.passages.map((_, passage) => (take.tempo?.beats || []).filter((beat) => beat.passage === passage))
  : [rhythm.tempoVariation > 0.003 ? rhythm.tempoCurve : []];
const tempoLines = tempoCurves.map((curve) => curve.map((p) => [p.seconds, p.beatsPerMinute]));
const referenceTempoLines = take ? tempoCurves.map((curve) => curve.map((p) => [p.seconds, p.referenceBeatsPerMinute])) : [];
const tempoPoints = tempoLines.flat();
const sortedTempi = [...tempoPoints, ...referenceTempoLines.flat()].map((p) => p[1]).sort((a, b) => a - b);
const slowest = sortedTempi[Math.floor(sortedTempi.length * 0.01)];
const fastest = sortedTempi[Math.floor((sortedTempi.length - 1) * 0.99)];
addCurve("tempo", tempoPoints, (context, width, height) => {
  const margin = Math.max(4, (fastest - slowest) * 0.15);
  const [low, high] = [Math.max(0, slowest - margin), fastest + margin];
  const y = (value) => height - 4 - ((value - low) / (high - low)) * (height - 8);
  drawAxis(context, width, ticks(low, high, 3), y, (value) => Math.round(value));
  for (const points of referenceTempoLines) drawCurve(context, width, points, y, colors.ink);
  for (const points of tempoLines) drawCurve(context, width, points, y, colors.parts[2], height);
}, `Tempo between ${Math.round(slowest)} and ${Math.round(fastest)} beats a minute`);

const levels = [["pp", 33], ["p", 49], ["mp", 64], ["mf", 80], ["f", 96], ["ff", 112]];
const levelPoints = (dynamics.curve || []).map((p) => [p.seconds, p.velocity]);
const hairpins = dynamics.hairpins || [];

/** Crescendo and diminuendo hairpins on the curve. */
function drawHairpins(context, width, y) {
  context.strokeStyle = colors.ink;
  context.lineWidth = 1.3;
  context.beginPath();
  for (const hairpin of hairpins) {
    if (hairpin.endSeconds < view.start || hairpin.startSeconds > view.end) continue;
    const corners = [[hairpin.startSeconds, hairpin.fromVelocity], [hairpin.endSeconds, hairpin.toVelocity]];
    const [point, opening] = hairpin.kind === "crescendo" ? corners : corners.reverse();
    const [x, height] = [timeToX(opening[0], width), y(opening[1])];
    context.moveTo(x, height - 6);
    context.lineTo(timeToX(point[0], width), y(point[1]));
    context.lineTo(x, height + 6);
  }
  context.stroke();
}
const count = (kind) => hairpins.filter((h) => h.kind === kind).length;
addCurve("dynamics", levelPoints, (context, width, height) => {
  const values = levelPoints.map((p) => p[1]);
  const low = Math.min(40, ...ends(values)) - 8;
  const high = Math.max(88, ...ends(values)) + 8;
  const y = (value) => height - 4 - ((value - low) / (high - low)) * (height - 8);
  drawAxis(context, width, levels.filter(([, v]) => v >= low && v <= high).map(([, v]) => v), y,
    (value) => levels.find(([, v]) => v === value)[0]);
  drawCurve(context, width, levelPoints, y, colors.parts[3], height);
  drawInside(context, gutter, 0, width - gutter, height, () => drawHairpins(context, width, y));

  function ends(list) {
    let [least, most] = [127, 0];
    for (const value of list) [least, most] = [Math.min(least, value), Math.max(most, value)];
    return [least, most];
  }
}, `Dynamics, with ${count("crescendo")} crescendi and ${count("diminuendo")} diminuendi`);

/** A description of a curve at a time; empty outside the curve. */
function describeCurve(id, time) {
  const bar = barAndBeat(time);
  const place = bar ? `bar ${bar.replace(":", " beat ")}` : clockText(time, 1);
  const said = (text) => `${text}\n${place}`;
  if (id === "tempo") {
    const passage = tempoLines.findLastIndex((points) => points.length && points[0][0] <= time);
    const [played, written] = [tempoLines, referenceTempoLines].map((lines) => lines[passage] && valueAt(lines[passage], time));
    return played === undefined ? ""
      : said(`${beatNote} = ${Math.round(played)}${written === undefined ? "" : `, reference ${Math.round(written)}`}`);
  }
  if (id === "dynamics") {
    const level = valueAt(levelPoints, time);
    if (level === undefined) return "";
    const name = levels.reduce((a, b) => (Math.abs(b[1] - level) < Math.abs(a[1] - level) ? b : a))[0];
    const hairpin = hairpins.find((h) => h.startSeconds <= time && time <= h.endSeconds);
    return said(`${name}, velocity ${Math.round(level)}${hairpin ? `, ${hairpin.kind}` : ""}`);
  }
  const strain = id === "tension" ? valueAt(tensionPoints, time) : undefined;
  return strain === undefined ? "" : said(`tension ${strain.toFixed(2)}${spanAt(localKeys, time) ? ` in ${signs(spanAt(localKeys, time).name)}` : ""}`);
}

const tension = harmony.tension;
const tensionPoints = tension ? tension.startsSeconds.map((time, i) => [time, tension.tensileStrain[i]]) : [];
addCurve("tension", tensionPoints, (context, width, height) => {
  const most = tensionPoints.reduce((a, p) => Math.max(a, p[1]), 0.5) * 1.05;
  const y = (value) => height - 4 - (value / most) * (height - 8);
  drawAxis(context, width, ticks(0, most, 2), y, (value) => value.toFixed(1));
  drawCurve(context, width, tensionPoints, y, colors.parts[1], height);
}, "Distance of the sounding notes from the key, in the spiral array");
