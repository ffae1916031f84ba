// The piece: the content of the data element, indexed for searching by time.

const rhythm = data.document.rhythm || {};
const harmony = data.document.harmony || {};
const melody = data.document.melody || {};
const dynamics = data.document.dynamics || {};
// The comparison of a take with its reference, or null.
const take = data.take;
const duration = Math.max(data.document.seconds, 0.001);

const noteCount = data.notes.length / 6;
const onsets = new Float64Array(noteCount);
const ends = new Float64Array(noteCount);
// The running maximum of note ends, for finding the first visible note by binary search.
const latestEnds = new Float64Array(noteCount);
const pitches = new Uint8Array(noteCount);
const velocities = new Uint8Array(noteCount);
const partOfNote = new Uint16Array(noteCount);
const isRightHand = new Uint8Array(noteCount);
for (let i = 0, milliseconds = 0, latest = 0; i < noteCount; i++) {
  const at = 6 * i;
  milliseconds += data.notes[at];
  onsets[i] = milliseconds / 1000;
  ends[i] = (milliseconds + data.notes[at + 1]) / 1000;
  latest = Math.max(latest, ends[i]);
  latestEnds[i] = latest;
  pitches[i] = data.notes[at + 2];
  velocities[i] = data.notes[at + 3];
  partOfNote[i] = data.notes[at + 4];
  isRightHand[i] = data.notes[at + 5];
}

const pitched = (i) => !data.parts[partOfNote[i]].isDrums;
let lowestPitch = 127, highestPitch = 0;
// Drums have a lane of their own, since their pitches denote instruments.
const drums = new Set();
for (let i = 0; i < noteCount; i++) {
  if (!pitched(i)) drums.add(pitches[i]);
  else [lowestPitch, highestPitch] = [Math.min(lowestPitch, pitches[i]), Math.max(highestPitch, pitches[i])];
}
const hasPitches = lowestPitch <= highestPitch;
if (!hasPitches) [lowestPitch, highestPitch] = [54, 78];
const drumPitches = [...drums].sort((a, b) => b - a);
const drumRows = new Map(drumPitches.map((pitch, i) => [pitch, i]));

/** Whether a result is more likely right than wrong. */
const isSure = (result) => result.confidence >= 0.5;

// A take has the bars of its reference.
const beats = take ? (take.tempo?.beats || []).map((beat) => beat.seconds) : rhythm.beatsSeconds || [];
const beatConfidences = take ? beats.map(() => 1) : rhythm.beatConfidences || [];
const sureBeats = beats.filter((_, i) => isSure({ confidence: beatConfidences[i] }));
const unsureBeats = beats.filter((_, i) => !isSure({ confidence: beatConfidences[i] }));
const downbeats = take ? take.bars.map((bar) => bar.startSeconds) : rhythm.downbeatsSeconds || [];
// As in printed scores, a pickup is bar 0.
const barNumbers = take ? take.bars.map((bar) => bar.bar) : downbeats.map((_, i) => i + (rhythm.firstBarNumber ?? 1));
const fullBars = downbeats.length - (barNumbers[0] === 0 ? 1 : 0);
const chords = harmony.chords || [];
const localKeys = harmony.localKeys || [];
const cadences = (!take && harmony.cadences) || [];
const sections = data.document.form?.sections || [];
const phrases = data.document.form?.phrases || [];
// Windows of a critic by scale, from short to long.
const realism = ["local", "phrase", "global"].map((scale) => data.realism.filter((w) => w.scale === scale)).filter((w) => w.length);
const line = melody.line || [];

/** The index of the first element greater than a value; `values` is ascending. */
function upperBound(values, value, of = (x) => x) {
  let low = 0, high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(values[middle]) > value) high = middle; else low = middle + 1;
  }
  return low;
}

/** The span that contains a time, or undefined. */
function spanAt(spans, time) {
  const span = spans[upperBound(spans, time, (s) => s.startSeconds) - 1];
  return span && time < span.endSeconds ? span : undefined;
}

/** Bar number and beat of a time, as in “12:3”; empty if there are no bars. */
function barAndBeat(time) {
  const bar = upperBound(downbeats, time + 0.002);
  if (bar === 0) return "";
  const first = upperBound(beats, downbeats[bar - 1] - 0.002);
  return `${barNumbers[bar - 1]}:${Math.max(1, upperBound(beats, time + 0.002) - first)}`;
}

/** The number of the bar that contains a time, as in printed scores; empty if there are no bars. */
function barNumber(time) {
  const bar = upperBound(downbeats, time + 0.002);
  return bar === 0 ? "" : barNumbers[bar - 1];
}

const clockText = (time, digits = 0) => {
  const unit = 10 ** digits;
  const whole = Math.round(Math.max(0, time) * unit);
  const seconds = ((whole % (60 * unit)) / unit).toFixed(digits);
  return `${Math.floor(whole / (60 * unit))}:${seconds.padStart(digits ? digits + 3 : 2, "0")}`;
};
const percent = (share) => `${Math.round(100 * share)}\u00a0%`;
/** A probability in percent, never shown as 0 or 100. */
const likely = (share) => (share > 0.99 ? ">\u00a099\u00a0%" : share < 0.01 ? "<\u00a01\u00a0%" : percent(share));
/** A question mark for an uncertain result. */
const doubt = (result) => (isSure(result) ? "" : "?");

/** A color for a tonic, similar for neighbors on the circle of fifths. */
function keyColor(name, lightness) {
  const [tonic, mode] = name.split(" ");
  const fifths = (pitchClassOf(tonic) * 7 + (mode === "minor" ? 9 : 0)) % 12;
  return `hsl(${(210 + fifths * 30) % 360} ${mode === "minor" ? 34 : 48}% ${lightness})`;
}
