// The lanes above the notes of the roll: form, keys, chords, cadences, a critic's scores and the bar ruler.

const hasForm = sections.length > 1 || phrases.length > 0;
const lanes = (() => {
  let top = 0;
  const lane = (height) => ({ top: (top += height) - height, height });
  return {
    form: lane(hasForm ? 22 : 0), keys: lane(localKeys.length ? 20 : 0), chords: lane(chords.length ? 36 : 0),
    cadences: lane(cadences.length ? 15 : 0),
    realism: lane(realism.length ? 7 * realism.length + 2 : 0), ruler: lane(16), height: top,
  };
})();

/** Draws the first of several texts that fits into a width; returns whether one fits. */
function fitText(context, texts, x, y, room) {
  const text = texts.find((t) => t && context.measureText(t).width <= room);
  if (text) context.fillText(text, x, y);
  return Boolean(text);
}

/** Calls `draw` with the left and right edges of each visible span. */
function eachSpan(spans, width, draw) {
  for (let i = Math.max(0, upperBound(spans, view.start, (s) => s.startSeconds) - 1); i < spans.length; i++) {
    if (spans[i].startSeconds > view.end) break;
    const left = Math.max(gutter, timeToX(spans[i].startSeconds, width));
    const right = Math.min(width, timeToX(spans[i].endSeconds, width));
    if (right - left >= 0.5) draw(spans[i], left, right);
  }
}

const primed = (name) => name.replace(/'/g, "′");
const sectionColor = (name) => colors.parts[(name.charCodeAt(0) - 65) % 8];

/** Sections, and below them phrases as slurs. */
function drawForm(context, width) {
  if (!hasForm) return;
  const { top, height } = lanes.form;
  context.textAlign = "left";
  context.font = "600 11px system-ui, sans-serif";
  if (sections.length > 1) {
    eachSpan(sections, width, (section, left, right) => {
      context.globalAlpha = section.name.includes("'") ? 0.16 : 0.3;
      context.fillStyle = sectionColor(section.name);
      context.fillRect(left, top, right - left - 1, height - 8);
      context.globalAlpha = 1;
      context.fillStyle = colors.ink;
      fitText(context, [primed(section.name)], left + 5, top + (height - 8) / 2 + 0.5, right - left - 6);
    });
  }
  context.strokeStyle = colors.soft;
  context.lineWidth = 1.2;
  eachSpan(phrases, width, (phrase) => {
    const [left, right] = [timeToX(phrase.startSeconds, width) + 2, timeToX(phrase.endSeconds, width) - 2];
    context.setLineDash(isSure(phrase) ? [] : [2, 2.5]);
    context.beginPath();
    context.moveTo(left, top + height - 7);
    context.lineTo(left, top + height - 3);
    context.lineTo(right, top + height - 3);
    context.lineTo(right, top + height - 7);
    context.stroke();
  });
  context.setLineDash([]);
}

/** Thin diagonal lines over an uncertain result. */
function hatch(context, left, top, width, height) {
  drawInside(context, left, top, width, height, () => {
    context.strokeStyle = colors.panel;
    context.lineWidth = 2;
    context.beginPath();
    for (let x = left - height - (left % 7); x < left + width; x += 7) {
      context.moveTo(x, top + height);
      context.lineTo(x + height, top);
    }
    context.stroke();
  });
}

function drawKeys(context, width) {
  const { top, height } = lanes.keys;
  context.textAlign = "left";
  context.font = "600 11px system-ui, sans-serif";
  eachSpan(localKeys, width, (key, left, right) => {
    context.fillStyle = keyColor(key.name, colors.tint);
    context.fillRect(left, top, Math.max(1, right - left - 1), height - 2);
    if (!isSure(key)) hatch(context, left, top, Math.max(1, right - left - 1), height - 2);
    context.fillStyle = colors["key-ink"];
    const [tonic, mode] = signs(key.name).split(" ");
    fitText(context, [`${tonic} ${mode}${doubt(key)}`, (mode === "minor" ? tonic.toLowerCase() : tonic) + doubt(key)],
      left + 5, top + height / 2 - 1, right - left - 8);
  });
}

const minorQualities = new Set(["min", "min7", "dim", "dim7", "hdim7", "minmaj7", "min6"]);

/** Chord names with their roman numerals, which are omitted if the name does not fit. */
function drawChords(context, width) {
  const { top, height } = lanes.chords;
  context.textAlign = "left";
  eachSpan(chords, width, (chord, left, right) => {
    const wide = Math.max(0.7, right - left - 1);
    context.fillStyle = keyColor(`${chord.root} ${minorQualities.has(chord.quality) ? "minor" : "major"}`, colors["tint-light"]);
    context.fillRect(left, top, wide, height - 2);
    if (!isSure(chord)) hatch(context, left, top, wide, height - 2);
    context.fillStyle = isSure(chord) ? colors["key-ink"] : colors.soft;
    context.font = `${isSure(chord) ? 600 : "italic 400"} 12px system-ui, sans-serif`;
    const room = right - left - 5;
    if (!fitText(context, [chordName(chord) + doubt(chord), chordRoot(chord) + doubt(chord)], left + 4, top + 11, room)) return;
    context.font = "11px ui-serif, Georgia, 'DejaVu Serif', serif";
    context.fillStyle = colors.soft;
    if (chord.romanNumeral) fitText(context, [numeralSigns(chord.romanNumeral)], left + 4, top + 25, room);
  });
}

function drawCadences(context, width) {
  if (!cadences.length) return;
  const { top, height } = lanes.cadences;
  context.textAlign = "left";
  let free = -Infinity;
  for (let i = upperBound(cadences, view.start, (c) => c.timeSeconds); i < cadences.length && cadences[i].timeSeconds <= view.end; i++) {
    const cadence = cadences[i];
    const x = timeToX(cadence.timeSeconds, width);
    context.fillStyle = isSure(cadence) ? colors.ink : colors.soft;
    context.strokeStyle = context.fillStyle;
    context.beginPath();
    context.moveTo(x - 3.5, top + 4);
    context.lineTo(x + 3.5, top + 4);
    context.lineTo(x, top + 10);
    context.closePath();
    if (isSure(cadence)) context.fill(); else context.stroke();
    context.font = `${isSure(cadence) ? 600 : "italic 400"} 10px system-ui, sans-serif`;
    const text = cadenceLetters[cadence.kind] + doubt(cadence);
    if (x + 6 < free) continue;
    context.fillText(text, x + 6, top + height / 2);
    free = x + 10 + context.measureText(text).width;
  }
}

/** A critic's scores: a row for each window length, redder for lower realism. */
function drawRealism(context, width) {
  realism.forEach((windows, row) => {
    const top = lanes.realism.top + 7 * row;
    eachSpan(windows, width, (window, left, right) => {
      context.fillStyle = `color-mix(in oklab, ${colors.unreal} ${100 * (1 - window.realism)}%, ${colors.row})`;
      context.fillRect(left, top, Math.max(0.7, right - left - 1), 6);
    });
  });
}

function drawLaneNames(context) {
  context.font = "10px system-ui, sans-serif";
  context.fillStyle = colors.soft;
  context.textAlign = "right";
  const names = { form: hasForm && "form", keys: "keys", chords: "chords", cadences: "cad.", realism: "real", ruler: downbeats.length && "bar" };
  for (const [lane, name] of Object.entries(names)) {
    if (name && lanes[lane].height) context.fillText(name, gutter - 4, lanes[lane].top + lanes[lane].height / 2 - 1);
  }
}

/** A description of what a lane shows at a position of the roll; empty over the notes. */
function describeLane(x, y) {
  const time = view.start + (x - gutter) / timeScale(byId("roll").clientWidth);
  const lane = ["form", "keys", "chords", "cadences", "realism"].find((name) => y >= lanes[name].top && y < lanes[name].top + lanes[name].height);
  if (x < gutter || !lane) return "";
  if (lane === "form") {
    const [section, phrase] = [spanAt(sections, time), spanAt(phrases, time)];
    return [section && `section ${primed(section.name)}, bars ${barNumber(section.startSeconds)} to ${barNumber(section.endSeconds - 0.01)}`,
      phrase && `phrase to the ${cadenceNames[phrase.kind].toLowerCase()} of bar ${barNumber(phrase.cadenceSeconds)}, ${surely(phrase)}`].filter(Boolean).join("\n");
  }
  if (lane === "cadences") {
    const near = cadences.filter((c) => Math.abs(timeToX(c.timeSeconds, byId("roll").clientWidth) - x) < 22);
    return near.map((c) => `${cadenceNames[c.kind]} in ${signs(c.key)}, bar ${barNumber(c.timeSeconds)}\nbass ${c.evidence.bass}, on the ${c.evidence.meter}, ${surely(c)}`).join("\n");
  }
  if (lane === "realism") {
    const window = spanAt(realism[Math.min(realism.length - 1, Math.floor((y - lanes.realism.top) / 7))], time);
    const against = window?.reasons.length ? `\nagainst it: ${window.reasons.join(", ")}` : "";
    return window ? `${percent(window.realism)} real to the critic, ${window.scale} window${against}` : "";
  }
  if (lane === "keys") {
    const key = spanAt(localKeys, time);
    return key ? `${signs(key.name)}, ${surely(key)}` : "";
  }
  const chord = spanAt(chords, time);
  return chord ? `${chordName(chord)}${chord.romanNumeral ? ` (${numeralSigns(chord.romanNumeral)})` : ""}, ${surely(chord)}` : "";
}

/** The confidence of a result in words. */
const surely = (result) => `${isSure(result) ? "" : "unsure, "}${percent(result.confidence)}`;
