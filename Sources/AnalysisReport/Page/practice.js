// Practice: speed, loop, count-in, metronome, muted hands and tracks, and scrolling during playback.

const practice = { selection: undefined, loop: false, metronome: false, countIn: false, follows: "page", muted: new Set() };

/** The voices that can be muted: two hands, or the parts. */
const voiceNames = data.hasHands ? ["right hand", "left hand"] : data.parts.map((part) => part.name);
const voiceOf = (i) => (data.hasHands ? 1 - isRightHand[i] : partOfNote[i]);
const isMuted = (i) => practice.muted.size > 0 && practice.muted.has(voiceOf(i));

function isDownbeat(time) {
  const next = upperBound(downbeats, time + 0.002);
  return next > 0 && Math.abs(downbeats[next - 1] - time) < 0.004;
}

/** A bar of clicks before a time: their number, and the interval in seconds of the piece. */
function countInClicks(time) {
  if (beats.length < 2) return { count: 4, seconds: 0.5 };
  const next = Math.min(beats.length - 1, Math.max(1, upperBound(beats, time + 0.002)));
  const bar = Math.min(downbeats.length - 2, Math.max(0, upperBound(downbeats, time + 0.002) - 1));
  const count = bar < 0 ? 4 : Math.max(2, upperBound(beats, downbeats[bar + 1] - 0.002) - upperBound(beats, downbeats[bar] - 0.002));
  return { count, seconds: beats[next] - beats[next - 1] };
}

/** Selects a range of time, extended to whole bars if there are any; or nothing. */
function select(from, to) {
  const [start, end] = from < to ? [from, to] : [to, from];
  const first = upperBound(downbeats, start + 0.002) - 1;
  const last = upperBound(downbeats, end - 0.002);
  practice.selection = end - start < 0.05 ? undefined
    : { start: downbeats[first] ?? Math.max(0, start), end: downbeats[last] ?? Math.min(duration, end) };
  practice.loop = Boolean(practice.selection);
  synth.reschedule();
  showPractice();
  invalidate();
}

function showPractice() {
  const { selection } = practice;
  byId("loop").setAttribute("aria-pressed", String(practice.loop));
  byId("metronome").setAttribute("aria-pressed", String(practice.metronome));
  byId("count-in").setAttribute("aria-pressed", String(practice.countIn));
  const bars = selection && [barNumber(selection.start), barNumber(selection.end - 0.01)];
  byId("loop").textContent = !selection ? "Loop" : bars[0] === "" ? `Loop ${clockText(selection.start)}–${clockText(selection.end)}`
    : bars[0] === bars[1] ? `Loop bar ${bars[0]}` : `Loop bars ${bars[0]}–${bars[1]}`;
}

/** The selected range, behind the notes. */
function drawSelection(context, width, height) {
  if (!practice.selection) return;
  const [left, right] = [timeToX(practice.selection.start, width), timeToX(practice.selection.end, width)];
  context.globalAlpha = practice.loop ? 0.16 : 0.08;
  context.fillStyle = colors.accent;
  context.fillRect(Math.max(gutter, left), lanes.ruler.top, Math.max(0, right - Math.max(gutter, left)), height - lanes.ruler.top);
  context.globalAlpha = 1;
}

/** Buttons that mute the voices. */
function showLegend() {
  voiceNames.forEach((name, voice) => {
    const button = element("button", { type: "button", "aria-pressed": "true", title: `Silence ${name}` }, name);
    button.style.setProperty("--c", `var(--part-${voice % 8})`);
    button.addEventListener("click", () => {
      if (!practice.muted.delete(voice)) practice.muted.add(voice);
      button.setAttribute("aria-pressed", String(!practice.muted.has(voice)));
      synth.releaseMuted();
      invalidate();
    });
    byId("legend").append(button);
  });
}

/** Connects a toggle button of the practice bar to its action. */
function toggle(id, act) {
  byId(id).addEventListener("click", () => {
    act();
    showPractice();
    invalidate();
  });
}

function listenToPractice() {
  byId("speed").addEventListener("input", (event) => {
    byId("speed-text").textContent = `${event.target.value} %`;
    synth.setSpeed(event.target.value / 100);
  });
  toggle("loop", () => {
    if (practice.selection) {
      practice.loop = !practice.loop;
      synth.reschedule();
    }
    // Without a selection, the loop is the bar at the cursor and the following three.
    else {
      const bar = Math.max(0, upperBound(downbeats, view.cursor + 0.002) - 1);
      select(downbeats[bar] ?? view.cursor, downbeats[bar + 4] ?? Math.min(duration, view.cursor + 8));
    }
  });
  toggle("metronome", () => { practice.metronome = !practice.metronome; });
  toggle("count-in", () => { practice.countIn = !practice.countIn; });
  byId("metronome").hidden = beats.length === 0;
  byId("follow").addEventListener("change", (event) => { practice.follows = event.target.value; });
  showPractice();
}

function togglePlay() {
  if (synth.isPlaying) synth.stop();
  else {
    const { loop, selection } = practice;
    const isOutside = loop && (view.cursor < selection.start - 0.01 || view.cursor >= selection.end - 0.01);
    synth.start(isOutside ? selection.start : view.cursor >= duration - 0.05 ? 0 : view.cursor, practice.countIn);
  }
  byId("play").textContent = synth.isPlaying ? "Pause" : "Play";
  if (synth.isPlaying) requestAnimationFrame(follow);
}

/** During playback, moves the cursor, and scrolls the view by pages or continuously. */
function follow() {
  if (!synth.isPlaying) return;
  const { follows } = practice;
  view.cursor = Math.min(duration, synth.time);
  const length = view.end - view.start;
  if (follows === "scroll") setView(view.cursor - length * 0.4, view.cursor + length * 0.6);
  else if (follows === "page" && (view.cursor > view.end - length * 0.04 && view.end < duration || view.cursor < view.start)) {
    setView(view.cursor - length * 0.06, view.cursor + length * 0.94);
  }
  showPosition();
  invalidate();
  if (synth.time > duration + 0.5) togglePlay(); else requestAnimationFrame(follow);
}
