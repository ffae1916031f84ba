// Names of pitches, chords and keys, in the spelling of the analysis.

const fifthsLetters = "FCGDAEB";
const pitchClasses = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 };
const pitchClassOf = (name) =>
  (pitchClasses[name[0]] + (name.match(/#/g) || []).length - (name.slice(1).match(/b/g) || []).length + 12) % 12;

/** The position of a name such as “Bb” on the line of fifths: F −1, C 0, G 1. */
const fifthsOf = (name) =>
  fifthsLetters.indexOf(name[0]) - 1 + 7 * ((name.match(/#/g) || []).length - (name.slice(1).match(/b/g) || []).length);
const alterationOf = (fifths) => Math.floor((fifths + 1) / 7);
const nameOf = (fifths) => {
  const alteration = alterationOf(fifths);
  return fifthsLetters[(((fifths + 1) % 7) + 7) % 7] + (alteration < 0 ? "♭".repeat(-alteration) : "♯".repeat(alteration));
};

/** The position of a pitch class on the line of fifths in a key, from its flat second to its sharp fourth. */
function fifthsIn(key, pitchClass) {
  const tonic = key.split(" ")[0];
  return fifthsOf(tonic) + ((7 * ((pitchClass - pitchClassOf(tonic) + 12) % 12) + 5) % 12) - 5;
}

const chordIntervals = {
  maj: [0, 4, 7], min: [0, 3, 7], dim: [0, 3, 6], aug: [0, 4, 8], sus2: [0, 2, 7], sus4: [0, 5, 7], 7: [0, 4, 7, 10],
  maj7: [0, 4, 7, 11], min7: [0, 3, 7, 10], hdim7: [0, 3, 6, 10], dim7: [0, 3, 6, 9], minmaj7: [0, 3, 7, 11],
  maj6: [0, 4, 7, 9], min6: [0, 3, 7, 9],
};
const fifthsOfInterval = [0, 7, 2, -3, 4, -1, -6, 1, 8, 3, -2, 5];
const homeKey = harmony.key?.name || "D major";

/**
 * The position of a pitch class on the line of fifths in the key of the piece: degrees of its scale, in minor also the leading
 * tone, are spelled in the key, and other notes without E♯, B♯, F♭ and C♭. None has two accidentals.
 */
function homeFifths(pitchClass) {
  const [tonic, mode] = homeKey.split(" ");
  const fifths = fifthsIn(homeKey, pitchClass), degree = fifths - fifthsOf(tonic);
  const isInScale = mode === "minor" ? (degree >= -4 && degree <= 2) || (degree === 5 && fifths <= 12) : degree >= -1 && degree <= 5;
  if (isInScale) return fifths;
  // From G♭ to A♯ are the names without those letters.
  return fifths < -6 ? fifths + 12 : fifths > 10 ? fifths - 12 : fifths;
}

/** The position of a pitch class at a time on the line of fifths: chord tones by the chord, others by the local key. */
function fifthsAt(pitchClass, time) {
  const chord = spanAt(chords, time);
  if (chord) {
    const interval = (pitchClass - pitchClassOf(chord.root) + 12) % 12;
    if (chordIntervals[chord.quality].includes(interval)) {
      return fifthsOf(chord.root) + (chord.quality === "dim7" && interval === 9 ? -9 : fifthsOfInterval[interval]);
    }
  }
  const key = localKeys[Math.max(0, upperBound(localKeys, time + 0.001, (k) => k.startSeconds) - 1)];
  return fifthsIn(key?.name || homeKey, pitchClass);
}

/** The name with its octave, which is that of the letter: B♯3 sounds as C4. */
function withOctave(pitch, fifths) {
  return nameOf(fifths) + (Math.floor((pitch - alterationOf(fifths)) / 12) - 1);
}
const pitchName = (pitch, time) => withOctave(pitch, time === undefined ? homeFifths(pitch % 12) : fifthsAt(pitch % 12, time));
/** Names of the twelve pitch classes in the key of the piece. */
const homeNames = [...Array(12).keys()].map((pitchClass) => nameOf(homeFifths(pitchClass)));

/** A name with the signs ♯ and ♭ instead of # and b. */
const signs = (name) => name.replace(/#/g, "♯").replace(/([A-G])(b+)/g, (_, letter, flats) => letter + "♭".repeat(flats.length));
const numeralSigns = (name) =>
  name.replace(/b(?=[IViv])/g, "♭").replace(/#/g, "♯").replace(/o/g, "°").replace("maj", "M");

const suffixes = {
  maj: "", min: "m", dim: "°", aug: "+", min7: "m7", maj7: "maj7", hdim7: "ø7", dim7: "°7", minmaj7: "mM7", maj6: "6",
  min6: "m6",
};
const chordRoot = (chord) => signs(chord.root + (suffixes[chord.quality] ?? chord.quality));
const chordName = (chord) => chordRoot(chord) + (chord.bass === chord.root ? "" : "/" + signs(chord.bass));

const cadenceNames = {
  perfectAuthentic: "Perfect authentic cadence", imperfectAuthentic: "Imperfect authentic cadence", half: "Half cadence",
  plagal: "Plagal cadence", deceptive: "Deceptive cadence",
};
const cadenceLetters = { perfectAuthentic: "PAC", imperfectAuthentic: "IAC", half: "HC", plagal: "PC", deceptive: "DC" };

/** The note value of a beat, and its length in quarter notes. */
const meterParts = ((take ? take.tempo?.meter : rhythm.meter) || "4/4").split("/").map(Number);
const isCompound = meterParts[0] > 3 && meterParts[0] % 3 === 0;
const quartersPerBeat = (isCompound ? 12 : 4) / meterParts[1];
const noteNames = new Map([
  [4, "whole note"], [3, "dotted half"], [2, "half note"], [1.5, "♩."], [1, "♩"], [0.75, "♪."], [0.5, "♪"], [0.25, "16th"],
]);
const beatNote = noteNames.get(quartersPerBeat) || "beat";
