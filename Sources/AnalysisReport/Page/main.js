// What the user does, and the beginning.

function seek(time, follow = true) {
  const wasPlaying = synth.isPlaying;
  if (wasPlaying) synth.stop();
  view.cursor = Math.max(0, Math.min(duration, time));
  if (follow && (view.cursor < view.start || view.cursor > view.end)) {
    const length = view.end - view.start;
    setView(view.cursor - length * 0.15, view.cursor + length * 0.85);
  }
  if (wasPlaying) synth.start(view.cursor);
  showPosition();
  invalidate();
}

function showPosition() {
  const bar = barAndBeat(view.cursor);
  byId("clock").textContent = `${clockText(view.cursor)} / ${clockText(duration)}${bar ? ` · ${bar}` : ""}`;
}

function togglePlay() {
  if (synth.isPlaying) synth.stop();
  else synth.start(view.cursor >= duration - 0.05 ? 0 : view.cursor);
  byId("play").textContent = synth.isPlaying ? "Pause" : "Play";
  if (synth.isPlaying) requestAnimationFrame(follow);
}

/** Moves the cursor while the piece plays, and turns the page before it leaves the view. */
function follow() {
  if (!synth.isPlaying) return;
  view.cursor = Math.min(duration, synth.time);
  const length = view.end - view.start;
  if (view.cursor > view.end - length * 0.04 && view.end < duration) setView(view.cursor - length * 0.06, view.cursor + length * 0.94);
  showPosition();
  invalidate();
  if (synth.time > duration + 0.5) togglePlay(); else requestAnimationFrame(follow);
}

/** A button that goes to a time. */
function timeButton(time, text = clockText(time)) {
  const button = element("button", { type: "button", "aria-label": `Go to ${text}` }, text);
  button.addEventListener("click", () => {
    const length = Math.min(duration, Math.max(view.end - view.start > 40 ? 16 : view.end - view.start, 8));
    setView(time - length * 0.15, time + length * 0.85);
    seek(time);
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("roll").scrollIntoView({ block: "nearest", behavior: isCalm ? "auto" : "smooth" });
  });
  return button;
}

function showMotives() {
  const motives = melody.motives || [];
  if (motives.length === 0) byId("motives-panel").remove();
  for (const motive of motives.slice(0, 6)) {
    const canvas = element("canvas", { role: "img", "aria-label": `Intervals in semitones: ${motive.intervals.join(", ")}` });
    const times = element("div", { class: "times" },
      element("small", {}, `${motive.intervals.length + 1} notes, ${motive.occurrences.length} times`));
    for (const place of motive.occurrences.slice(0, 12)) {
      const shift = place.transposition ? ` ${place.transposition > 0 ? "+" : "−"}${Math.abs(place.transposition)}` : "";
      times.append(timeButton(place.startSeconds, clockText(place.startSeconds) + shift));
    }
    if (motive.occurrences.length > 12) times.append(`and ${motive.occurrences.length - 12} more`);
    byId("motives").append(element("li", {}, canvas, times));
    motiveCanvases.push([canvas, motive]);
  }
}

const cadenceNames = {
  perfectAuthentic: "Perfect authentic cadence", imperfectAuthentic: "Imperfect authentic cadence", half: "Half cadence",
  plagal: "Plagal cadence", deceptive: "Deceptive cadence",
};

/** Keys and cadences in their order. */
function showForm() {
  const events = [
    ...localKeys.map((key) => ({ time: key.startSeconds, key: key.name, text: signs(key.name) })),
    ...cadences.map((c) => ({ time: c.timeSeconds, text: `${cadenceNames[c.kind]}${c.confidence < 0.5 ? "?" : ""}`, detail: `in ${signs(c.key)}` })),
  ].sort((a, b) => a.time - b.time);
  if (events.length === 0) {
    byId("form-panel").remove();
    return;
  }
  const list = element("ul", { tabindex: "0", "aria-label": "Keys and cadences" });
  for (const event of events) {
    const text = element("span", {}, event.text);
    if (event.key) {
      const swatch = element("span", { class: "swatch", "aria-hidden": "true" });
      swatch.style.background = keyColour(event.key, colours.tint);
      text.prepend(swatch);
      text.style.fontWeight = "600";
    }
    const bar = barAndBeat(event.time).split(":")[0];
    list.append(element("li", {}, timeButton(event.time), text,
      element("small", {}, [event.detail, bar && `bar ${bar}`].filter(Boolean).join(", "))));
  }
  byId("form").append(list);
}

function showLegend() {
  const names = data.hasHands ? ["right hand", "left hand"] : data.parts.map((part) => part.name).slice(0, 16);
  names.forEach((name, i) => {
    const item = element("span", {}, name);
    item.style.setProperty("--c", `var(--part-${i % 8})`);
    byId("legend").append(item);
  });
}

function describe(i) {
  const bar = barAndBeat(onsets[i]);
  const chord = spanAt(chords, onsets[i]);
  const part = data.hasHands ? (isRightHand[i] ? "right hand" : "left hand") : data.parts[partOfNote[i]].name;
  return [`${pitched(i) ? pitchName(pitches[i]) : `drum ${pitches[i]}`}${bar ? `, bar ${bar.replace(":", " beat ")}` : ""}`,
    `at ${clockText(onsets[i], 2)}, ${Math.round(1000 * (ends[i] - onsets[i]))} ms long, velocity ${velocities[i]}`,
    part, chord ? `${chordName(chord)}${chord.romanNumeral ? ` (${numeralSigns(chord.romanNumeral)})` : ""}, ${percent(chord.confidence)} sure` : ""]
    .filter(Boolean).join("\n");
}

function showTip(text, x, y) {
  const tip = byId("tip");
  tip.hidden = !text;
  if (!text) return;
  tip.textContent = text;
  const box = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(innerWidth - box.width - 4, x + 14))}px`;
  tip.style.top = `${y + 18 + box.height > innerHeight ? y - box.height - 10 : y + 18}px`;
}

/** Dragging, pinching, clicking and hovering on a canvas of the shared view. */
function listen(canvas) {
  const pointers = new Map();
  let moved = 0;
  const x = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const timeAt = (px) => view.start + (px - gutter) / timeScale(canvas.clientWidth);
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, x(event));
    canvas.setPointerCapture(event.pointerId);
    moved = 0;
    showTip("");
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) {
      const box = canvas.getBoundingClientRect();
      const i = canvas.id === "roll" ? noteAt(event.clientX - box.left, event.clientY - box.top) : -1;
      showTip(i < 0 ? "" : describe(i), event.clientX, event.clientY);
      return;
    }
    const before = pointers.get(event.pointerId);
    const now = x(event);
    moved += Math.abs(now - before);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, px]) => px);
    if (others.length) {
      const [was, is] = [Math.abs(before - others[0]), Math.abs(now - others[0])];
      if (is > 10) zoom(was / is, timeAt((now + others[0]) / 2));
    } else if (moved > 4) {
      const shift = (before - now) / timeScale(canvas.clientWidth);
      setView(view.start + shift, view.end + shift);
    }
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    const isClick = event.type === "pointerup" && pointers.size === 1 && moved <= 4;
    pointers.delete(event.pointerId);
    if (isClick) seek(timeAt(x(event)), false);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", () => showTip(""));
  canvas.addEventListener("wheel", (event) => {
    const horizontal = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey) {
      zoom(Math.exp(event.deltaY * 0.0025), timeAt(x(event)));
    } else if (Math.abs(horizontal) > Math.abs(event.shiftKey ? 0 : event.deltaY)) {
      const shift = horizontal / timeScale(canvas.clientWidth);
      setView(view.start + shift, view.end + shift);
    } else return;
    event.preventDefault();
  }, { passive: false });
}

/** The overview moves the view to where it is touched; chroma and self-similarity set the cursor. */
function listenToPictures() {
  const overview = byId("overview");
  const move = (event) => {
    if (event.buttons === 0 && event.type === "pointermove") return;
    const box = overview.getBoundingClientRect();
    const centre = ((event.clientX - box.left - gutter) / (box.width - gutter)) * duration;
    const half = (view.end - view.start) / 2;
    setView(centre - half, centre + half);
  };
  overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); move(event); });
  overview.addEventListener("pointermove", move);
  for (const id of ["chroma", "similarity"]) {
    byId(id).addEventListener("click", (event) => {
      const box = byId(id).getBoundingClientRect();
      seek(((event.clientX - box.left - left) / (box.width - left)) * duration);
    });
  }
}

function onKey(event) {
  const target = event.target;
  const isTyping = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  if (event.key === " " && target.tagName === "BUTTON" && target.id !== "play") return;
  const length = view.end - view.start;
  const onRoll = target === byId("roll") || target === document.body;
  const actions = {
    " ": togglePlay, "+": () => zoom(0.7, view.cursor), "=": () => zoom(0.7, view.cursor), "-": () => zoom(1.4, view.cursor),
    0: () => setView(0, duration),
  };
  if (onRoll) {
    Object.assign(actions, {
      ArrowLeft: () => setView(view.start - length * 0.1, view.end - length * 0.1),
      ArrowRight: () => setView(view.start + length * 0.1, view.end + length * 0.1),
      Home: () => { setView(0, length); seek(0); },
      End: () => { setView(duration - length, duration); seek(duration); },
    });
  }
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
}

function begin() {
  readColours();
  showFacts();
  showLegend();
  showCharts();
  showMotives();
  showForm();
  listenToPictures();
  if (!hasPitches) for (const id of ["chroma-panel", "similarity-panel"]) byId(id).remove();
  for (const id of ["roll", "tempo", "dynamics", "tension"]) if (byId(id)) listen(byId(id));
  byId("roll").setAttribute("aria-label",
    `Piano roll of ${noteCount} notes with ${chords.length} chords`);
  byId("play").addEventListener("click", togglePlay);
  byId("zoom-in").addEventListener("click", () => zoom(0.6, view.cursor));
  byId("zoom-out").addEventListener("click", () => zoom(1.7, view.cursor));
  byId("fit").addEventListener("click", () => setView(0, duration));
  byId("show-melody").addEventListener("change", invalidate);
  byId("volume").addEventListener("input", (event) => synth.setVolume(event.target.value / 100));
  document.addEventListener("keydown", onKey);
  const redraw = () => {
    readColours();
    overviewPicture = undefined;
    invalidate();
    drawPictures();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", redraw);
  // A long piece opens at its beginning, at a size at which chords can be read.
  setView(0, Math.max(12, Math.min(duration, (byId("roll").clientWidth - gutter) / 42)));
  showPosition();
  for (const draw of drawings) draw();
  drawPictures();
}
begin();
