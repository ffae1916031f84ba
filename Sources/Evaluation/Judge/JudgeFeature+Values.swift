internal import Glibc
internal import MusicAnalysis
internal import MusicCore

extension JudgeFeature {
  /// The data that the features of an excerpt are computed from.
  struct Context {
    let music: Take
    /// The groups of notes that start together, in order of onset.
    let chords: [[PlayedNote]]
    let analysis: Analysis
    let coherence: Coherence
  }
}

extension JudgeFeature.Context {
  /// The value of a feature; nil if there is not enough music.
  func value(of feature: JudgeFeature) -> Double? {
    guard music.notes.count > 1, music.duration > .zero else { return nil }
    if let measure = Coherence.Measure(rawValue: feature.rawValue) { return coherence[measure] }
    switch feature {
    case .inScale, .keyConfidence, .pitchClassDrift, .heldNotes, .recurringFigures, .returningFigures,
      .repeatedRhythms, .meterStrength, .repeatedTopNotes:
      return nil
    case .notesPerSecond, .chordsPerSecond, .notesPerChord, .singleNotes, .polyphony, .silence, .medianInterOnset,
      .interOnsetDeviation, .medianLength, .lengthDeviation, .interOnsetEntropy, .lengthEntropy, .articulation:
      return time(feature)
    case .meanPitch, .pitchDeviation, .pitchRange, .highestPitch, .lowestPitch, .differentPitches, .pitchEntropy,
      .pitchClassEntropy, .chordWidth, .bassMotion, .repeatedChords, .octaves, .harshIntervals:
      return pitch(feature)
    case .consonance, .localKeys, .harmoniesPerMinute, .chordConfidence, .changesOnDownbeats: return harmony(feature)
    case .melodySteps, .melodyLeaps, .meanInterval, .melodyTurns, .melodyRange, .motives: return melody(feature)
    case .tempoVariation: return analysis.rhythm?.tempoVariation
    case .syncopation: return analysis.rhythm?.syncopation
    case .melodicSyncopation: return analysis.rhythm?.melodicSyncopation
    case .groove: return analysis.rhythm?.grooveConsistency
    case .meanVelocity, .velocityRange, .melodyLead, .levelChanges, .mainLevel: return dynamics(feature)
    }
  }

  private func time(_ feature: JudgeFeature) -> Double? {
    let seconds = music.duration.rawValue
    let onsets = chords.map { $0[0].onset }
    let steps = zip(onsets, onsets.dropFirst()).map { $1 - $0 }
    let lengths = music.notes.map(\.duration)
    func logarithms(_ times: [Seconds]) -> [Double] { times.map { log(max(1.0 / 64, $0.rawValue)) } }
    switch feature {
    case .notesPerSecond: return Double(music.notes.count) / seconds
    case .chordsPerSecond: return Double(chords.count) / seconds
    case .notesPerChord: return Double(music.notes.count) / Double(chords.count)
    case .singleNotes: return Double(chords.count { $0.count == 1 }) / Double(chords.count)
    case .polyphony: return analysis.metrics?.polyphony
    case .silence: return Silence(music).share
    case .medianInterOnset: return logarithms(steps).sorted().quantile(0.5)
    case .interOnsetDeviation: return logarithms(steps).standardDeviation
    case .medianLength: return logarithms(lengths).sorted().quantile(0.5)
    case .lengthDeviation: return logarithms(lengths).standardDeviation
    case .interOnsetEntropy: return Self.entropyBits(steps.map(TakeFeatures.timeBin))
    case .lengthEntropy: return Self.entropyBits(lengths.map(TakeFeatures.timeBin))
    default:
      let tops = chords.compactMap { $0.max { $0.pitch < $1.pitch } }
      return zip(tops, steps).map { min(4, $0.duration.rawValue / max(1.0 / 64, $1.rawValue)) }.mean
    }
  }

  private func pitch(_ feature: JudgeFeature) -> Double? {
    let pitches = music.notes.map { Int($0.pitch.rawValue) }
    let sets = chords.map { chord in chord.map { Int($0.pitch.rawValue) }.sorted() }
    switch feature {
    case .meanPitch: return pitches.map(Double.init).mean
    case .pitchDeviation: return pitches.map(Double.init).standardDeviation
    case .pitchRange: return pitches.max().map { Double($0 - (pitches.min() ?? $0)) }
    case .highestPitch: return pitches.max().map(Double.init)
    case .lowestPitch: return pitches.min().map(Double.init)
    case .differentPitches: return Double(Set(pitches).count)
    case .pitchEntropy: return Self.entropyBits(pitches)
    case .pitchClassEntropy: return Self.entropyBits(pitches.map { $0 % 12 })
    case .chordWidth: return sets.map { Double($0[$0.count - 1] - $0[0]) }.mean
    case .bassMotion: return zip(sets, sets.dropFirst()).map { Double(abs($1[0] - $0[0])) }.mean
    case .repeatedChords: return zip(sets, sets.dropFirst()).map { $0 == $1 ? 1 : 0 }.mean
    default:
      let classes: Set = feature == .octaves ? [0] : [1, 11]
      return sets.flatMap { set in
        set.indices.flatMap { low in set[(low + 1)...].map { classes.contains(($0 - set[low]) % 12) ? 1.0 : 0 } }
      }.mean
    }
  }

  private func harmony(_ feature: JudgeFeature) -> Double? {
    guard let harmony = analysis.harmony else { return nil }
    switch feature {
    case .consonance: return harmony.meanConsonance
    case .localKeys: return Double(harmony.localKeys.count)
    case .harmoniesPerMinute: return harmony.harmonicRhythm?.chordsPerMinute
    case .chordConfidence: return harmony.chords.map(\.confidence).mean
    default: return harmony.harmonicRhythm?.changesOnDownbeats
    }
  }

  private func melody(_ feature: JudgeFeature) -> Double? {
    guard let melody = analysis.melody else { return nil }
    switch feature {
    case .melodySteps: return melody.stepShare
    case .melodyLeaps: return melody.leapShare
    case .meanInterval: return melody.meanIntervalSemitones
    case .melodyTurns: return melody.turnShare
    case .melodyRange:
      return melody.highestPitch.map { Double($0.rawValue) - Double((melody.lowestPitch ?? $0).rawValue) }
    default: return Double(melody.motives.count)
    }
  }

  private func dynamics(_ feature: JudgeFeature) -> Double? {
    let levels = chords.map { $0.map(\.velocity).max() }
    switch feature {
    case .meanVelocity: return analysis.dynamics?.meanVelocity
    case .velocityRange: return analysis.dynamics?.velocityRange
    case .melodyLead: return analysis.dynamics?.melodyLead
    case .levelChanges: return zip(levels, levels.dropFirst()).map { $0 == $1 ? 0 : 1 }.mean
    default:
      let counts = analysis.dynamics?.levelCounts ?? []
      return counts.max().map { Double($0) / Double(music.notes.count) }
    }
  }

  private static func entropyBits(_ values: [Int]) -> Double? {
    guard !values.isEmpty else { return nil }
    let shares = Dictionary(grouping: values, by: \.self).values.map { Double($0.count) / Double(values.count) }
    // In a fixed order, so that sums are the same in every run.
    return shares.sorted().reduce(0) { $0 - $1 * log2($1) }
  }
}
