// Sections, phrases, cadences and motives as lists, and motives in the roll.

/** A button that moves the cursor to a time. */
function timeButton(time, text = clockText(time)) {
  const button = element("button", { type: "button", "aria-label": `Go to ${text}` }, text);
  button.addEventListener("click", () => goTo(time));
  return button;
}

/** Shows a time in the roll and sets the cursor there. */
function goTo(time) {
  const length = Math.min(duration, Math.max(view.end - view.start > 40 ? 16 : view.end - view.start, 8));
  setView(time - length * 0.15, time + length * 0.85);
  seek(time);
  showRoll();
}

/** Scrolls the page to the roll. */
function showRoll() {
  const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  byId("roll").scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
}

// The motive highlighted in the roll: the selected one, or the one under the pointer.
let chosenMotive, hoveredMotive;

/** Boxes around the notes of each occurrence of a motive. */
function drawMotivePlaces(context, width, scale) {
  const motive = hoveredMotive || chosenMotive;
  if (!motive) return;
  context.strokeStyle = colors.cursor;
  context.fillStyle = colors.cursor;
  for (const place of motive.occurrences) {
    if (place.endSeconds < view.start || place.startSeconds > view.end) continue;
    const notes = line.slice(place.firstNote, place.firstNote + motive.intervals.length + 1);
    const [low, high] = [Math.min(...notes.map((n) => n.pitch)), Math.max(...notes.map((n) => n.pitch))];
    const [left, right] = [timeToX(place.startSeconds, width), timeToX(place.endSeconds, width)];
    const [top, bottom] = [scale.y(high) - 3, scale.y(low) + scale.row + 3];
    context.globalAlpha = 0.14;
    context.fillRect(left, top, right - left, bottom - top);
    context.globalAlpha = 1;
    context.lineWidth = 1.6;
    context.strokeRect(left, top, right - left, bottom - top);
  }
}

/** Marks a motive in the roll and shows an occurrence, or removes the mark. */
function chooseMotive(motive) {
  chosenMotive = motive;
  for (const [canvas, other] of motiveCanvases) canvas.parentElement.setAttribute("aria-pressed", String(other === motive));
  invalidate();
  if (!motive) return;
  const places = motive.occurrences;
  if (!places.some((place) => place.startSeconds >= view.start && place.endSeconds <= view.end)) {
    const place = places.find((one) => one.startSeconds >= view.start) || places[0];
    const length = Math.max(view.end - view.start, 1.25 * (place.endSeconds - place.startSeconds));
    setView(place.startSeconds - length * 0.1, place.startSeconds + length * 0.9);
  }
  showRoll();
}

function showMotives() {
  const motives = melody.motives || [];
  if (motives.length === 0) byId("motives-panel").remove();
  for (const motive of motives.slice(0, 6)) {
    const canvas = element("canvas", { role: "img", "aria-label": `Intervals in semitones: ${motive.intervals.join(", ")}` });
    const mark = element("button", { type: "button", class: "motive", "aria-pressed": "false", title: "Mark it in the roll" }, canvas);
    const times = element("div", { class: "times" },
      element("small", {}, `${motive.intervals.length + 1} notes, ${motive.occurrences.length} times`));
    for (const place of motive.occurrences.slice(0, 12)) {
      const shift = place.transposition ? ` ${place.transposition > 0 ? "+" : "−"}${Math.abs(place.transposition)}` : "";
      const bar = barNumber(place.startSeconds);
      times.append(timeButton(place.startSeconds, (bar === "" ? clockText(place.startSeconds) : `bar ${bar}`) + shift));
    }
    if (motive.occurrences.length > 12) times.append(element("span", { class: "more" }, `and ${motive.occurrences.length - 12} more`));
    const item = element("li", {}, mark, times);
    mark.addEventListener("click", () => chooseMotive(chosenMotive === motive ? undefined : motive));
    item.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") { hoveredMotive = motive; invalidate(); } });
    item.addEventListener("pointerleave", () => { hoveredMotive = undefined; invalidate(); });
    byId("motives").append(item);
    motiveCanvases.push([canvas, motive]);
  }
}

/** Lists sections, keys and cadences in order of time. */
function showForm() {
  const events = [
    ...(sections.length > 1 ? sections.map((s) => ({ time: s.startSeconds, order: 0, section: s.name, text: `Section ${primed(s.name)}` })) : []),
    ...localKeys.map((key) => ({ time: key.startSeconds, order: 1, key: key.name, text: signs(key.name) + doubt(key), sure: isSure(key) })),
    ...cadences.map((c) => ({ time: c.timeSeconds, order: 2, text: cadenceNames[c.kind] + doubt(c), sure: isSure(c), detail: `in ${signs(c.key)}` })),
  ].sort((a, b) => a.time - b.time || a.order - b.order);
  if (events.length === 0) {
    byId("form-panel").remove();
    return;
  }
  const list = element("ul", { tabindex: "0", "aria-label": "Sections, keys and cadences" });
  for (const event of events) {
    const text = element("span", { class: event.sure === false ? "unsure" : "" }, event.text);
    if (event.key || event.section) {
      const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = event.key ? keyColor(event.key, colors.tint) : `var(--part-${(event.section.charCodeAt(0) - 65) % 8})`;
      text.prepend(swatch);
      text.style.fontWeight = "600";
    }
    const bar = barNumber(event.time);
    list.append(element("li", {}, timeButton(event.time), text,
      element("small", {}, [event.detail, bar !== "" && `bar ${bar}`].filter(Boolean).join(", "))));
  }
  byId("form").style.setProperty("--rows", events.length);
  byId("form").append(list);
}
