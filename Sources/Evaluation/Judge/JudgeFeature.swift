/// The features of an excerpt that the judge classifies by.
///
/// The list is frozen, since figures of different models are comparable only with the same features, and must not be
/// used as a training signal. Any change requires a new `Judge.version`.
public enum JudgeFeature: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  // MARK: Time
  case notesPerSecond, chordsPerSecond, notesPerChord, singleNotes, polyphony, silence
  /// In logarithms of seconds.
  case medianInterOnset, interOnsetDeviation, medianLength, lengthDeviation
  /// In bits, of times rounded to half octaves.
  case interOnsetEntropy, lengthEntropy
  /// The mean ratio of the duration of melody notes to the time until the next one.
  case articulation
  case heldNotes

  // MARK: Pitch
  case meanPitch, pitchDeviation, pitchRange, highestPitch, lowestPitch, differentPitches
  case pitchEntropy, pitchClassEntropy
  /// The mean interval in semitones from the lowest note of a chord to its highest, and between the lowest notes of
  /// successive chords.
  case chordWidth, bassMotion
  /// The share of chords with the same pitches as the chord before.
  case repeatedChords
  /// The share of pairs of notes in chords that are octaves, and that are semitones or major sevenths.
  case octaves, harshIntervals

  // MARK: Harmony
  case inScale, keyConfidence, pitchClassDrift, consonance, localKeys
  case harmoniesPerMinute, chordConfidence, changesOnDownbeats

  // MARK: Melody
  case melodySteps, melodyLeaps, repeatedTopNotes, meanInterval, melodyTurns, melodyRange
  case recurringFigures, returningFigures, repeatedRhythms, motives

  // MARK: Rhythm
  case meterStrength, tempoVariation, syncopation, melodicSyncopation, groove

  // MARK: Dynamics
  case meanVelocity, velocityRange, melodyLead
  /// The share of chords at a different dynamic level than the chord before, and of notes at the most frequent level.
  case levelChanges, mainLevel

  /// The value of a feature for which an excerpt has not enough music.
  public static let absent = -1.0
}
