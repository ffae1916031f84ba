// The piano roll, and the visible time range that it shares with the curves below it.

const view = { start: 0, end: duration, cursor: 0 };
const gutter = 40;
const shortestView = Math.min(1, duration);
const drawings = [];
let isDrawing = false;

/** Redraws everything with the next frame of the screen. */
function invalidate() {
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(() => {
    isDrawing = false;
    for (const draw of drawings) draw();
  });
}

let colors = {};
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const names = ["paper", "panel", "ink", "soft", "line", "strong", "row", "accent", "melody", "cursor", "key-ink",
    "tint", "tint-light", "heat-0", "heat-1", "heat-2", "heat-3", "unreal"];
  colors = Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  colors.extra = style.getPropertyValue("--part-6").trim();
  colors.parts = [...Array(8).keys()].map((i) => style.getPropertyValue(`--part-${i}`).trim());
}

/** A cleared canvas at the resolution of the screen, and its size in CSS pixels, which is given if it is not displayed. */
function surface(canvas, size = undefined) {
  const ratio = size ? 2 : Math.min(3, window.devicePixelRatio || 1);
  const { width, height } = size || canvas.getBoundingClientRect();
  const [w, h] = [Math.max(1, Math.round(width * ratio)), Math.max(1, Math.round(height * ratio))];
  if (canvas.width !== w || canvas.height !== h) [canvas.width, canvas.height] = [w, h];
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11px system-ui, sans-serif";
  context.textBaseline = "middle";
  return { context, width, height };
}

/** Draws in a rectangle only, and then restores the context's settings. */
function drawInside(context, left, top, width, height, draw) {
  context.save();
  context.beginPath();
  context.rect(left, top, width, height);
  context.clip();
  draw();
  context.restore();
}

function setView(start, end) {
  const length = Math.min(duration, Math.max(shortestView, end - start));
  view.start = Math.max(0, Math.min(duration - length, start));
  view.end = view.start + length;
  invalidate();
}

function zoom(factor, center = (view.start + view.end) / 2) {
  const length = Math.min(duration, Math.max(shortestView, (view.end - view.start) * factor));
  const part = (center - view.start) / (view.end - view.start);
  setView(center - part * length, center - part * length + length);
}

const colorIndex = (i) => (data.hasHands ? 1 - isRightHand[i] : partOfNote[i] % 8);
const timeScale = (width) => (width - gutter) / (view.end - view.start);
const timeToX = (time, width) => gutter + (time - view.start) * timeScale(width);

/** Vertical lines at bars and, if there is room, at beats, dotted if uncertain; bar numbers at `labels`. */
function drawGrid(context, width, top, bottom, labels) {
  const scale = timeScale(width);
  const perBeat = (beats.length > 1 ? (beats[beats.length - 1] - beats[0]) / (beats.length - 1) : 1) * scale;
  const perBar = downbeats.length > 1 ? ((downbeats[downbeats.length - 1] - downbeats[0]) / (downbeats.length - 1)) * scale : 0;
  context.lineWidth = 1;
  const lines = (times, color) => {
    context.strokeStyle = color;
    context.beginPath();
    for (let i = upperBound(times, view.start - 1e-6); i < times.length && times[i] <= view.end; i++) {
      const x = Math.round(timeToX(times[i], width)) + 0.5;
      context.moveTo(x, top);
      context.lineTo(x, bottom);
    }
    context.stroke();
  };
  if (perBeat >= 9) {
    lines(sureBeats, colors.line);
    context.setLineDash([1, 3]);
    lines(unsureBeats, colors.line);
    context.setLineDash([]);
  }
  if (perBar >= 6) lines(downbeats, colors.strong);
  if (labels === undefined || downbeats.length === 0) return;
  let step = 1;
  for (const next of [2, 4, 5, 10, 20, 50, 100, 200, 500, 1000]) if (perBar * step < 30) step = next;
  context.fillStyle = colors.soft;
  context.textAlign = "left";
  let free = -Infinity;
  for (let i = upperBound(downbeats, view.start - 1e-6); i < downbeats.length && downbeats[i] <= view.end; i++) {
    const x = timeToX(downbeats[i], width) + 3;
    if ((barNumbers[i] - 1) % step !== 0 || x < free) continue;
    context.fillText(barNumbers[i], x, labels);
    free = x + context.measureText(barNumbers[i]).width + 4;
  }
}

function pitchScale(height) {
  const low = Math.max(0, Math.min(lowestPitch - 2, Math.floor((lowestPitch + highestPitch) / 2) - 12));
  const high = Math.min(127, Math.max(highestPitch + 2, low + 24));
  const drumHeights = hasPitches ? [8, 64] : [28, height - lanes.height - 12];
  const drumRow = drumPitches.length ? Math.min(drumHeights[0], drumHeights[1] / drumPitches.length) : 0;
  const drumTop = hasPitches ? height - drumRow * drumPitches.length - 2 : lanes.height + 6;
  const row = (drumTop - lanes.height - (drumRow ? 8 : 2)) / (high - low + 1);
  return {
    low, high, row, drumRow, drumTop, y: (pitch) => lanes.height + (high - pitch) * row,
    drumY: (pitch) => drumTop + drumRows.get(pitch) * drumRow,
  };
}

function drawRows(context, width, scale) {
  context.textAlign = "right";
  for (let pitch = scale.low; pitch <= scale.high && (hasPitches || noteCount === 0); pitch++) {
    const y = scale.y(pitch);
    if ([1, 3, 6, 8, 10].includes(pitch % 12)) {
      context.fillStyle = colors.row;
      context.fillRect(gutter, y, width - gutter, scale.row);
    }
    if (pitch % 12 !== 0) continue;
    context.fillStyle = colors.strong;
    context.fillRect(gutter, Math.round(y + scale.row), width - gutter, 1);
    context.fillStyle = colors.soft;
    if (y > lanes.height + 6) context.fillText(`C${pitch / 12 - 1}`, gutter - 6, y + scale.row / 2);
  }
  if (drumPitches.length === 0) return;
  context.fillStyle = colors.strong;
  context.fillRect(gutter, scale.drumTop - 4, width - gutter, 1);
  context.fillStyle = colors.soft;
  context.font = "10px system-ui, sans-serif";
  context.fillText("drums", gutter - 6, scale.drumTop + (scale.drumRow * drumPitches.length) / 2);
  context.font = "11px system-ui, sans-serif";
}

function drawNotes(context, width, scale) {
  const perSecond = timeScale(width);
  const first = upperBound(latestEnds, view.start);
  const height = Math.max(1.5, scale.row - (scale.row > 4 ? 1 : 0));
  const isRound = scale.row > 5;
  for (let i = first; i < noteCount && onsets[i] < view.end; i++) {
    if (ends[i] < view.start) continue;
    const x = Math.max(gutter - 4, gutter + (onsets[i] - view.start) * perSecond);
    const w = Math.max(1.5, gutter + (ends[i] - view.start) * perSecond - x - 0.6);
    context.globalAlpha = (0.48 + 0.52 * (velocities[i] / 127)) * (isMuted(i) ? 0.25 : 1);
    context.fillStyle = colors.parts[colorIndex(i)];
    if (!pitched(i)) {
      context.fillRect(x, scale.drumY(pitches[i]), Math.max(2, Math.min(w, 8)), Math.max(1, scale.drumRow - 1));
    } else if (isRound && w > 4) {
      context.beginPath();
      context.roundRect(x, scale.y(pitches[i]), w, height, Math.min(3, height / 3));
      context.fill();
    } else {
      context.fillRect(x, scale.y(pitches[i]), w, height);
    }
  }
  context.globalAlpha = 1;
}

function drawMelody(context, width, scale) {
  if (line.length === 0 || !byId("show-melody").checked) return;
  context.strokeStyle = colors.melody;
  context.lineWidth = 1.6;
  context.lineJoin = "round";
  context.beginPath();
  let last;
  for (let i = Math.max(0, upperBound(line, view.start, (n) => n.startSeconds) - 2); i < line.length; i++) {
    const note = line[i];
    const y = scale.y(note.pitch) + scale.row / 2;
    const x = timeToX(note.startSeconds, width);
    // A rest of more than a second interrupts the line.
    if (last && note.startSeconds - last.endSeconds < 1) context.lineTo(x, y); else context.moveTo(x, y);
    context.lineTo(Math.max(x, timeToX(Math.min(note.endSeconds, line[i + 1]?.startSeconds ?? Infinity), width) - 2), y);
    last = note;
    if (note.startSeconds > view.end) break;
  }
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
}

function drawCursor(context, width, top, bottom) {
  const x = timeToX(view.cursor, width);
  if (x < gutter - 1 || x > width + 1) return;
  context.strokeStyle = colors.cursor;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x, top);
  context.lineTo(x, bottom);
  context.stroke();
}

/** Draws the visible part of the roll on a canvas; with a `size` if the canvas is not displayed. */
function drawRoll(canvas = byId("roll"), size = undefined) {
  const { context, width, height } = surface(canvas, size);
  const scale = pitchScale(height);
  drawRows(context, width, scale);
  drawSelection(context, width, height);
  drawGrid(context, width, lanes.height, height, lanes.ruler.top + lanes.ruler.height / 2);
  drawInside(context, gutter, 0, width - gutter, height, () => {
    drawNotes(context, width, scale);
    drawMelody(context, width, scale);
    drawMotivePlaces(context, width, scale);
    drawMistakes(context, width, scale);
    drawForm(context, width);
    drawKeys(context, width);
    drawChords(context, width);
    drawCadences(context, width);
    drawRealism(context, width);
    if (!size) drawCursor(context, width, 0, height);
  });
  drawLaneNames(context);
}
drawings.push(() => drawRoll());

/** The time and the pitch at a position of the roll, and the time of a pixel there; undefined outside the notes. */
function rollPlace(x, y) {
  const { width, height } = byId("roll").getBoundingClientRect();
  if (x < gutter || y < lanes.height) return undefined;
  const [scale, perSecond] = [pitchScale(height), timeScale(width)];
  return {
    scale, perPixel: 1 / perSecond, time: view.start + (x - gutter) / perSecond,
    pitch: scale.high - Math.floor((y - lanes.height) / scale.row),
  };
}

/** The note at a position of the roll; of several, the one with the latest onset. */
function noteAt(x, y) {
  const place = rollPlace(x, y);
  if (!place) return -1;
  const { time, pitch, scale } = place;
  const slack = 2 * place.perPixel;
  const drum = drumPitches[Math.floor((y - scale.drumTop) / scale.drumRow)];
  for (let i = upperBound(onsets, time + slack) - 1; i >= 0 && latestEnds[i] >= time - slack; i--) {
    if (pitches[i] === (pitched(i) ? pitch : drum) && ends[i] >= time - slack) return i;
  }
  return -1;
}
