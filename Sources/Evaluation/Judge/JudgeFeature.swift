/// What the judge knows of an excerpt.
///
/// The list is frozen: figures of different models can be compared only while it stays as it is, and nothing that a model
/// learns from may be made of it. A change is a new `Judge.version`.
public enum JudgeFeature: String, CaseIterable, Sendable, Codable, CodingKeyRepresentable {
  // MARK: Time
  case notesPerSecond, chordsPerSecond, notesPerChord, singleNotes, polyphony, silence
  /// Logarithms of seconds.
  case medianInterOnset, interOnsetDeviation, medianLength, lengthDeviation
  /// In bits, of times to the half octave.
  case interOnsetEntropy, lengthEntropy
  /// How long melody notes are in relation to the time to the next one.
  case articulation
  case heldNotes

  // MARK: Pitch
  case meanPitch, pitchDeviation, pitchRange, highestPitch, lowestPitch, differentPitches
  case pitchEntropy, pitchClassEntropy
  /// The mean semitones from the lowest note of a chord to its highest, and from one lowest note to the next.
  case chordWidth, bassMotion
  /// The share of chords with the pitches of the chord before.
  case repeatedChords
  /// The share of a chord's pairs of notes that are octaves, and semitones or major sevenths.
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
  /// The share of chords at another level than the chord before, and of notes at the most frequent level.
  case levelChanges, mainLevel

  /// What an excerpt without enough music for a feature has.
  public static let absent = -1.0
}
