// Comparison of a take with its reference: summary, bars, hands and mistakes, also marked in the roll.

const mistakes = take?.notes || [];
const latestMistakes = [];
for (const mistake of mistakes) {
  latestMistakes.push(Math.max(mistake.endSeconds, latestMistakes[latestMistakes.length - 1] ?? 0));
}

/** Counts with their noun, as in “3 wrong”; zeros are omitted. */
const countsText = (counts) =>
  ["wrong", "missing", "extra"].filter((kind) => counts[kind]).map((kind) => `${counts[kind]} ${kind}`).join(", ");
const mistakesOf = (counts) => counts.wrong + counts.missing + counts.extra;
const oneDigit = (value) => value.toFixed(1);

/** A description of a mistake, with pitches in the spelling of the music. */
function mistakeText(mistake) {
  const name = (pitch) => pitchName(pitch, mistake.startSeconds);
  if (mistake.kind === "wrong") return `${name(mistake.pitch)} for ${name(mistake.referencePitch)}`;
  return mistake.kind === "missing" ? `${name(mistake.referencePitch)} missing` : `${name(mistake.pitch)} extra`;
}
const placeText = (mistake) => (mistake.bar === undefined ? clockText(mistake.startSeconds, 1) : `bar ${mistake.bar}, beat ${+mistake.beat.toFixed(2)}`);

/** The played passages in bars, as in “bars 1–8, then 5–16”. */
function passagesText() {
  const texts = take.passages.map(({ startBar, endBar }) =>
    (startBar === undefined ? "" : startBar === endBar ? `${startBar}` : `${startBar}–${endBar}`)).filter(Boolean);
  const shown = texts.slice(0, 4).join(", then ") + (texts.length > 4 ? ", …" : "");
  return shown && `bars ${shown}`;
}

function showTakeFacts() {
  const { counts, tempo, together } = take;
  byId("facts").style.setProperty("--first-fact", "1fr");
  const expected = counts.right + counts.wrong + counts.missing;
  fact("Right notes", expected ? `${oneDigit(Math.floor((1000 * counts.right) / expected) / 10)}\u00a0%` : "none",
    `${counts.right.toLocaleString("en")} of ${expected.toLocaleString("en")}`, countsText(counts) || "no mistakes",
    take.isDoubtful && element("small", { class: "warning" }, "Few notes agree: is it the same piece, in the same key?"));
  if (tempo) {
    fact("Tempo", `${beatNote} = ${Math.round(tempo.beatsPerMinute)}`, `reference ${Math.round(tempo.referenceBeatsPerMinute)}`,
      `varying by ${percent(tempo.variation)}${tempo.referenceVariation < 0.005 ? "" : ` (${percent(tempo.referenceVariation)})`}`);
  }
  const uneven = take.hands.filter((hand) => hand.timingUnevenness !== undefined);
  if (uneven.length) {
    fact("Unevenness", `${uneven.map(({ timingUnevenness: share }) => (share < 10 ? oneDigit(share) : Math.round(share))).join(" · ")}\u00a0%`,
      uneven.map((hand) => `${hand.hand} hand`).join(" · "), "between notes that are written equally long");
  }
  if (together) {
    const mean = Math.round(Math.abs(together.meanMilliseconds));
    fact("Hands together", `±\u00a0${Math.round(together.deviationMilliseconds)}\u00a0ms`,
      mean ? `${together.meanMilliseconds < 0 ? "right" : "left"} hand ${mean} ms first` : "in the mean together",
      `in ${together.chords} chords`);
  }
  fact("Played", clockText(duration), passagesText(),
    take.notReached ? `${take.notReached} notes never reached` : "");
  byId("subtitle").textContent = `${data.document.file} against ${take.reference}`;
  byId("sources").textContent = "Bars, beats and hands are those of the reference. Curves without marks are the take, dashed ones the reference.";
}

/** Dashed boxes for missing notes, hatched ones for extra notes, and red ones for wrong notes, joined to the correct pitch. */
function drawMistakes(context, width, scale) {
  const height = Math.max(3, scale.row - 1);
  const box = (mistake, pitch) => {
    const x = timeToX(mistake.startSeconds, width);
    return [x, scale.y(pitch), Math.max(4, timeToX(mistake.endSeconds, width) - x - 0.6), height];
  };
  context.lineWidth = 1.4;
  for (let i = upperBound(latestMistakes, view.start); i < mistakes.length && mistakes[i].startSeconds <= view.end; i++) {
    const mistake = mistakes[i];
    context.strokeStyle = mistake.kind === "extra" ? colors.extra : colors.cursor;
    context.fillStyle = context.strokeStyle;
    if (mistake.pitch !== undefined) {
      const [x, y, w, h] = box(mistake, mistake.pitch);
      context.fillRect(x, y, w, h);
      if (mistake.kind === "extra") hatch(context, x, y, w, h);
    }
    if (mistake.referencePitch !== undefined) {
      const [x, y, w, h] = box(mistake, mistake.referencePitch);
      context.setLineDash([4, 3]);
      context.strokeRect(x + 0.5, y, w, h);
      context.setLineDash([]);
      if (mistake.pitch !== undefined) {
        const played = scale.y(mistake.pitch) + (mistake.pitch > mistake.referencePitch ? height : 0);
        context.beginPath();
        context.moveTo(x + 2, played);
        context.lineTo(x + 2, mistake.pitch > mistake.referencePitch ? y : y + h);
        context.stroke();
      }
    }
  }
}

/** The mistake at a position of the roll: a missing, extra or wrong note. */
function mistakeAt(x, y) {
  const place = rollPlace(x, y);
  if (!place) return undefined;
  const { time, pitch } = place;
  const slack = 3 * place.perPixel;
  for (let i = upperBound(latestMistakes, time - slack); i < mistakes.length && mistakes[i].startSeconds <= time + slack; i++) {
    const mistake = mistakes[i];
    if (mistake.endSeconds >= time - slack && (mistake.pitch === pitch || mistake.referencePitch === pitch)) return mistake;
  }
  return undefined;
}
const describeMistake = (mistake) => `${mistakeText(mistake)}\n${placeText(mistake)}, ${mistake.hand} hand`;

/** A cell for each bar, redder for more mistakes; a click moves the cursor there and loops the bar. */
function showTakeBars() {
  const list = element("ol", { class: "bar-cells" });
  let passage = 0;
  for (const bar of take.bars) {
    if (bar.passage !== passage) list.append(element("li", { class: "leap", title: "A leap" }, "↷"));
    passage = bar.passage;
    const share = mistakesOf(bar.counts) / Math.max(1, bar.counts.right + mistakesOf(bar.counts));
    const text = countsText(bar.counts) || "all right";
    const tempo = `${Math.round(bar.beatsPerMinute)} beats a minute, reference ${Math.round(bar.referenceBeatsPerMinute)}`;
    const cell = element("button", { type: "button", "data-tip": `Bar ${bar.bar}: ${text}; ${tempo}`, "aria-label": `Bar ${bar.bar}: ${text}` },
      String(bar.bar), element("small", {}, mistakesOf(bar.counts) ? String(mistakesOf(bar.counts)) : ""));
    cell.style.setProperty("--share", `${Math.round(100 * Math.min(0.55, 2 * share))}%`);
    cell.addEventListener("click", () => {
      goTo(bar.startSeconds);
      select(bar.startSeconds + 0.003, bar.endSeconds - 0.003);
    });
    list.append(element("li", {}, cell));
  }
  if (take.bars.length === 0) byId("bars-panel").remove();
  byId("bars").append(list);
}

function showMistakes() {
  const list = element("ul", { tabindex: "0", "aria-label": "Mistakes" });
  for (const mistake of mistakes) {
    const swatch = element("span", { class: `mark ${mistake.kind}`, "aria-hidden": "true" });
    list.append(element("li", {}, timeButton(mistake.startSeconds), element("span", {}, swatch, mistakeText(mistake)),
      element("small", {}, `${placeText(mistake)}, ${mistake.hand}`)));
  }
  if (mistakes.length === 0) list.append(element("li", {}, "None."));
  byId("mistakes").style.setProperty("--rows", Math.max(1, mistakes.length));
  byId("mistakes").append(list);
}

/** A table of the hands; values of the reference are in brackets unless they are almost 0. */
function showHands() {
  const beside = (value, reference, digits) =>
    (value === undefined ? "–" : value.toFixed(digits) + (reference > 0.05 ? ` (${reference.toFixed(digits)})` : ""));
  const rows = [
    ["Notes right", (hand) => `${hand.counts.right} of ${hand.counts.right + hand.counts.wrong + hand.counts.missing}`],
    ["Wrong, missing, extra", ({ counts }) => `${counts.wrong}, ${counts.missing}, ${counts.extra}`],
    ["Uneven in time, %", (hand) => beside(hand.timingUnevenness, hand.referenceTimingUnevenness, 1)],
    ["Uneven in velocity", (hand) => beside(hand.velocityUnevenness, hand.referenceVelocityUnevenness, 1)],
    ["Velocity", (hand) => beside(hand.velocity, hand.referenceVelocity, 0)],
    ["Held, % of the length", (hand) => (hand.lengthRatio === undefined ? "–" : (100 * hand.lengthRatio).toFixed(0))],
  ];
  const head = element("tr", {}, element("td"), ...take.hands.map((hand) => element("th", { scope: "col" }, `${hand.hand} hand`)));
  byId("hands").append(element("table", {}, head, ...rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), ...take.hands.map((hand) => element("td", {}, value(hand)))))));
}

/** Replaces the cards of a piece with those of a take. */
function showTake() {
  showTakeFacts();
  showTakeBars();
  showMistakes();
  showHands();
  for (const id of ["charts", "analysis"]) byId(id).remove();
  byId("show-melody").closest("label").hidden = true;
}
