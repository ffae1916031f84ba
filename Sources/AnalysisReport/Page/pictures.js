// Pictures of the whole piece: chroma, self-similarity, motives.

/** A color map from 0…1 to red, green and blue in the colors of the theme. */
function heat() {
  const probe = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const stops = ["heat-0", "heat-1", "heat-2", "heat-3"].map((name) => {
    probe.fillStyle = colors[name];
    probe.fillRect(0, 0, 1, 1);
    return probe.getImageData(0, 0, 1, 1).data;
  });
  return (value) => {
    const place = Math.max(0, Math.min(0.9999, value)) * (stops.length - 1);
    const [i, part] = [Math.floor(place), place % 1];
    return [0, 1, 2].map((c) => stops[i][c] + part * (stops[i + 1][c] - stops[i][c]));
  };
}

/** The chroma of `count` equal parts of the piece: the duration of each pitch class, weighted by velocity. */
function chromaOf(count) {
  const chroma = new Float32Array(12 * count);
  const length = duration / count;
  for (let n = 0; n < noteCount; n++) {
    if (!pitched(n)) continue;
    const last = Math.min(count - 1, Math.floor(ends[n] / length));
    for (let i = Math.floor(onsets[n] / length); i <= last; i++) {
      const share = Math.min(ends[n], (i + 1) * length) - Math.max(onsets[n], i * length);
      chroma[12 * i + (pitches[n] % 12)] += Math.max(0, share) * velocities[n];
    }
  }
  return chroma;
}

/** Paints rows × columns of values onto a canvas. */
function paint(canvas, columns, rows, value, left, bottom, smooth) {
  const picture = document.createElement("canvas");
  [picture.width, picture.height] = [columns, rows];
  const image = new ImageData(columns, rows);
  const color = heat();
  const table = [...Array(256).keys()].map((i) => color(i / 255));
  for (let row = 0, at = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, at += 4) {
      const rgb = table[Math.round(255 * Math.max(0, Math.min(1, value(column, row))))];
      image.data[at] = rgb[0];
      image.data[at + 1] = rgb[1];
      image.data[at + 2] = rgb[2];
      image.data[at + 3] = 255;
    }
  }
  picture.getContext("2d").putImageData(image, 0, 0);
  const drawn = surface(canvas);
  drawn.context.imageSmoothingEnabled = smooth;
  drawn.context.drawImage(picture, left, 0, drawn.width - left, drawn.height - bottom);
  return drawn;
}

function timeLabels(context, left, width, y) {
  context.fillStyle = colors.soft;
  const steps = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 3600];
  const step = steps.find((s) => (s / duration) * (width - left) >= 55) || (80 * duration) / (width - left);
  context.textAlign = "left";
  for (let time = 0; time < duration; time += step) {
    const x = left + (time / duration) * (width - left);
    if (x < width - 28) context.fillText(clockText(time), x, y);
  }
}

// Margins for note names and times.
const left = 26, bottom = 16;

function drawChroma() {
  const count = Math.max(1, Math.min(480, Math.ceil(duration * 4)));
  const chroma = chromaOf(count);
  let most = 1e-9;
  for (const value of chroma) most = Math.max(most, value);
  const { context, width, height } = paint(byId("chroma"), count, 12,
    (column, row) => Math.sqrt(chroma[12 * column + 11 - row] / most), left, bottom, false);
  context.textAlign = "right";
  context.fillStyle = colors.soft;
  for (let row = 0; row < 12; row++) {
    context.fillText(homeNames[11 - row], left - 5, ((row + 0.5) * (height - bottom)) / 12);
  }
  timeLabels(context, left, width, height - bottom / 2 + 2);
}

function drawSimilarity() {
  const count = Math.max(2, Math.min(320, Math.ceil(duration * 2)));
  const raw = chromaOf(count);
  // Each frame is smoothed over its neighbors, so that single notes do not hide similarity; then centered and normalized.
  const mean = new Float32Array(12);
  for (let i = 0; i < raw.length; i++) mean[i % 12] += raw[i] / count;
  const features = new Float32Array(raw.length);
  for (let i = 0; i < count; i++) {
    let norm = 0;
    for (let c = 0; c < 12; c++) {
      let sum = 0;
      for (let d = -2; d <= 2; d++) {
        const j = Math.max(0, Math.min(count - 1, i + d));
        sum += (raw[12 * j + c] - 0.7 * mean[c]) * (3 - Math.abs(d));
      }
      features[12 * i + c] = sum;
      norm += sum * sum;
    }
    for (let c = 0; c < 12; c++) features[12 * i + c] /= Math.sqrt(norm) || 1;
  }
  const alike = (column, row) => {
    let product = 0;
    for (let c = 0; c < 12; c++) product += features[12 * column + c] * features[12 * row + c];
    return Math.max(0, product) ** 1.5;
  };
  const { context, width, height } = paint(byId("similarity"), count, count,
    (column, row) => alike(column, count - 1 - row), left, bottom, true);
  // Lines at the beginnings of sections, and their names on the left.
  const [across, up] = [width - left, height - bottom];
  context.textAlign = "right";
  for (const { name, startSeconds, endSeconds } of sections.length > 1 ? sections : []) {
    const [start, end] = [startSeconds / duration, endSeconds / duration];
    context.fillStyle = colors.soft;
    context.globalAlpha = 0.45;
    context.fillRect(left + start * across, 0, 0.7, up);
    context.fillRect(left, up - start * up, across, 0.7);
    context.globalAlpha = 1;
    if ((end - start) * up > 11) context.fillText(primed(name), left - 5, up - ((start + end) / 2) * up);
  }
  timeLabels(context, left, width, height - bottom / 2 + 2);
}

/** A description of a picture at a position, given in fractions of its width and height. */
function describePicture(id, across, down) {
  if (across < 0 || across > 1 || down < 0 || down > 1) return "";
  const at = (share) => {
    const bar = barNumber(share * duration);
    return bar === "" ? clockText(share * duration) : `bar ${bar}`;
  };
  if (id === "chroma") return `${homeNames[11 - Math.min(11, Math.floor(down * 12))]}, ${at(across)}`;
  const section = (share) => (sections.length > 1 && spanAt(sections, share * duration) ? ` (${primed(spanAt(sections, share * duration).name)})` : "");
  return `${at(across)}${section(across)} and ${at(1 - down)}${section(1 - down)}`;
}

function drawPictures() {
  if (!hasPitches || take) return;
  drawChroma();
  drawSimilarity();
  for (const [canvas, motive] of motiveCanvases) drawMotive(canvas, motive);
}

const motiveCanvases = [];

/** The notes of a motive's first occurrence as a small roll. */
function drawMotive(canvas, motive) {
  const { context, width, height } = surface(canvas);
  const place = motive.occurrences[0];
  const notes = line.slice(place.firstNote, place.firstNote + motive.intervals.length + 1);
  const low = Math.min(...notes.map((n) => n.pitch)), high = Math.max(...notes.map((n) => n.pitch));
  const row = Math.min(8, (height - 6) / (high - low + 1));
  const middle = (height - (high - low + 1) * row) / 2;
  const scale = width / Math.max(0.01, place.endSeconds - place.startSeconds);
  context.fillStyle = colors.accent;
  for (const note of notes) {
    const x = (note.startSeconds - place.startSeconds) * scale;
    context.beginPath();
    context.roundRect(x, middle + (high - note.pitch) * row, Math.max(2, (note.endSeconds - note.startSeconds) * scale - 1.5), Math.max(2, row - 1), 2);
    context.fill();
  }
}
