// Event handlers and initialization.

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

function describe(i) {
  const bar = barAndBeat(onsets[i]);
  const chord = spanAt(chords, onsets[i]);
  const part = data.hasHands ? (isRightHand[i] ? "right hand" : "left hand") : data.parts[partOfNote[i]].name;
  return [`${pitched(i) ? pitchName(pitches[i], onsets[i]) : `drum ${pitches[i]}`}${bar ? `, bar ${bar.replace(":", " beat ")}` : ""}`,
    `at ${clockText(onsets[i], 2)}, ${pitched(i) ? `${durationText(ends[i] - onsets[i], quarterAt(onsets[i]))}, ` : ""}velocity ${velocities[i]}`,
    part, chord ? `${chordName(chord)}${chord.romanNumeral ? ` (${numeralSigns(chord.romanNumeral)})` : ""}, ${surely(chord)}` : ""]
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
  let moved = 0, selectedFrom;
  const whatIsAt = (event) => {
    const box = canvas.getBoundingClientRect();
    if (canvas.id !== "roll") return x(event) < gutter ? "" : describeCurve(canvas.id, timeAt(x(event)));
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const mistake = mistakeAt(px, py);
    if (mistake) return describeMistake(mistake);
    const i = noteAt(px, py);
    return i < 0 ? describeLane(px, py) : describe(i);
  };
  // Dragging on the ruler or with shift selects; any other drag moves the view. `slack` enlarges the ruler for touch.
  const selects = (event, slack = 0) => {
    const y = event.clientY - canvas.getBoundingClientRect().top;
    return canvas.id === "roll" && (event.shiftKey || y >= lanes.ruler.top - slack && y < lanes.height + slack);
  };
  const x = (event) => event.clientX - canvas.getBoundingClientRect().left;
  const timeAt = (px) => view.start + (px - gutter) / timeScale(canvas.clientWidth);
  canvas.addEventListener("pointerdown", (event) => {
    pointers.set(event.pointerId, x(event));
    canvas.setPointerCapture(event.pointerId);
    moved = 0;
    selectedFrom = selects(event, event.pointerType === "touch" ? (44 - lanes.ruler.height) / 2 : 0) ? timeAt(x(event)) : undefined;
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!pointers.has(event.pointerId)) {
      if (event.pointerType !== "touch") showTip(whatIsAt(event), event.clientX, event.clientY);
      return;
    }
    const before = pointers.get(event.pointerId);
    const now = x(event);
    moved += Math.abs(now - before);
    const others = [...pointers].filter(([id]) => id !== event.pointerId).map(([, px]) => px);
    if (others.length) {
      const [was, is] = [Math.abs(before - others[0]), Math.abs(now - others[0])];
      if (is > 10) zoom(was / is, timeAt((now + others[0]) / 2));
    } else if (selectedFrom !== undefined) {
      if (moved > 4) select(selectedFrom, timeAt(now));
    } else if (moved > 4) {
      const shift = (before - now) / timeScale(canvas.clientWidth);
      setView(view.start + shift, view.end + shift);
    }
    pointers.set(event.pointerId, now);
  });
  const release = (event) => {
    const isClick = event.type === "pointerup" && pointers.size === 1 && moved <= 4;
    pointers.delete(event.pointerId);
    if (!isClick) return;
    if (selectedFrom !== undefined && selects(event)) select(0, 0);
    seek(timeAt(x(event)), false);
    // On touch screens a tap shows what hovering shows.
    if (event.pointerType === "touch") showTip(whatIsAt(event), event.clientX, event.clientY);
  };
  canvas.addEventListener("pointerup", release);
  canvas.addEventListener("pointercancel", release);
  canvas.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") showTip(""); });
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

/** A click in the overview moves the view; one in chroma or self-similarity sets the cursor. */
function listenToPictures() {
  const overview = byId("overview");
  const move = (event) => {
    if (event.buttons === 0 && event.type === "pointermove") return;
    const box = overview.getBoundingClientRect();
    const center = ((event.clientX - box.left - gutter) / (box.width - gutter)) * duration;
    const half = (view.end - view.start) / 2;
    setView(center - half, center + half);
  };
  overview.addEventListener("pointerdown", (event) => { overview.setPointerCapture(event.pointerId); move(event); });
  overview.addEventListener("pointermove", move);
  for (const id of ["chroma", "similarity"]) {
    const place = (event) => {
      const box = byId(id).getBoundingClientRect();
      return [(event.clientX - box.left - left) / (box.width - left), (event.clientY - box.top) / (box.height - bottom)];
    };
    const tell = (event) => showTip(describePicture(id, ...place(event)), event.clientX, event.clientY);
    byId(id)?.addEventListener("click", (event) => {
      seek(place(event)[0] * duration);
      tell(event);
    });
    byId(id)?.addEventListener("pointermove", (event) => { if (event.pointerType !== "touch") tell(event); });
    byId(id)?.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") showTip(""); });
  }
}

/** Shows the `data-tip` of an element under the pointer, or of one that is tapped. */
function listenToTips() {
  const tell = (event) => {
    const told = event.target.closest?.("[data-tip]");
    if (told) showTip(told.dataset.tip, event.clientX, event.clientY);
  };
  const isTouch = (event) => event.pointerType === "touch";
  document.addEventListener("pointerdown", () => showTip(""), true);
  document.addEventListener("pointerover", (event) => { if (!isTouch(event)) tell(event); });
  document.addEventListener("pointerout", (event) => { if (!isTouch(event) && event.target.closest?.("[data-tip]")) showTip(""); });
  document.addEventListener("click", (event) => {
    if (isTouch(event)) tell(event);
    // Without focus on the clicked button, Space plays instead of pressing the button again.
    if (event.detail > 0) event.target.closest?.("button, label.check")?.blur();
    if (event.detail > 0 && event.target.type === "checkbox") event.target.blur();
  });
}

function onKey(event) {
  const target = event.target;
  const isTyping = ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName) && target.type !== "range";
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping) return;
  if (event.key === " " && (target.tagName === "BUTTON" || event.repeat)) {
    if (event.repeat) event.preventDefault();
    return;
  }
  const length = view.end - view.start;
  const onRoll = target === byId("roll") || target === document.body;
  const actions = {
    " ": togglePlay, "+": () => zoom(0.7, view.cursor), "=": () => zoom(0.7, view.cursor), "-": () => zoom(1.4, view.cursor),
    0: () => setView(0, duration), l: () => byId("loop").click(), m: () => byId("metronome").click(),
    Escape: () => {
      showTip("");
      if (chosenMotive) chooseMotive(undefined); else select(0, 0);
    },
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

/** Pixels per second at which most chord names are legible. */
function openingScale() {
  const lengths = chords.map((chord) => chord.endSeconds - chord.startSeconds).sort((a, b) => a - b);
  return Math.max(42, Math.min(110, 32 / (lengths[Math.floor(lengths.length * 0.4)] || 1)));
}

function begin() {
  readColors();
  showLegend();
  if (take) showTake();
  else {
    byId("take").remove();
    byId("take-legend").remove();
    showFacts();
    showCharts();
    showMotives();
    showForm();
  }
  listenToPictures();
  listenToTips();
  listenToPractice();
  if (!hasPitches) for (const id of ["chroma-panel", "similarity-panel"]) byId(id)?.remove();
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
    readColors();
    overviewPicture = undefined;
    invalidate();
    drawPictures();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  addEventListener("resize", redraw);
  // A long piece opens at its beginning, at a zoom level at which chord names are legible.
  setView(0, Math.min(duration, (byId("roll").clientWidth - gutter) / openingScale()));
  showPosition();
  drawAll();
}
begin();
