internal import Glibc
public import MusicCore

/// The fourteen objective metrics of MusPy 0.5 (Dong et al., ISMIR 2020), computed on the ticks of the file by its
/// definitions, so that they can be compared with published values. NaN in MusPy is nil here.
public struct MusicMetrics: Hashable, Sendable, Codable {
  /// The number of distinct pitches; like all metrics except those of beats, bars and drums, without drums.
  public var pitchesUsed: Int
  /// The number of pitch classes that occur.
  public var pitchClassesUsed: Int
  /// The difference between the highest and the lowest pitch, in semitones.
  public var pitchRange: Int
  /// The share of beats (quarter notes) in which no note sounds.
  public var emptyBeatRate: Double?
  /// The share of bars in which no note sounds; bars are those of the first time signature.
  public var emptyMeasureRate: Double?
  /// The mean number of simultaneous pitches, over the ticks with at least one.
  public var polyphony: Double?
  /// The share of ticks in which more than two pitches sound.
  public var polyphonyRate: Double?
  /// The share of notes in the scale of the key; nil if the key is unknown.
  public var pitchInScaleRate: Double?
  /// The largest such share over all 24 major and natural minor scales.
  public var scaleConsistency: Double?
  /// The entropy of the distribution of pitches, in bits.
  public var pitchEntropyBits: Double?
  /// The entropy of the distribution of pitch classes, in bits.
  public var pitchClassEntropyBits: Double?
  /// The similarity of the onsets of neighboring bars, tick by tick.
  public var grooveConsistency: Double?
  /// The share of drum notes on subdivisions of the beat: quarters of it, or thirds in compound meters.
  public var drumInPatternRate: Double?
  /// The larger of the shares of drum notes on quarters and on thirds of a beat.
  public var drumPatternConsistency: Double?

  /// The metrics of a score; those of beats and bars are nil unless its division is in ticks per quarter note.
  ///
  /// - Complexity: O(n log n).
  public init(_ score: Score, key: Key? = nil) {
    let notes = score.tracks.flatMap(\.notes)
    let pitched = score.notes(areDrums: false)
    var pitches = Array(repeating: 0, count: 128)
    for note in pitched { pitches[Int(note.pitch.rawValue)] += 1 }
    var classes = Array(repeating: 0, count: 12)
    for (pitch, count) in pitches.enumerated() { classes[pitch % 12] += count }
    pitchesUsed = pitches.count { $0 > 0 }
    pitchClassesUsed = classes.count { $0 > 0 }
    let lowest = pitches.firstIndex { $0 > 0 } ?? 0
    pitchRange = (pitches.lastIndex { $0 > 0 } ?? lowest) - lowest
    pitchEntropyBits = Self.entropyBits(pitches)
    pitchClassEntropyBits = Self.entropyBits(classes)
    if !pitched.isEmpty {
      let shares = (0..<Key.count).map { Self.share(of: Key(index: $0), in: classes) }
      scaleConsistency = shares.max()
      pitchInScaleRate = key.map { shares[$0.index] }
    }
    let end = Self.end(score, notes)
    guard end > 0 else { return }
    (polyphony, polyphonyRate) = Self.polyphony(pitched, end: end)
    guard case .metrical(let ticksPerQuarter) = score.division else { return }
    let meter = score.timeSignatures.first.map(Meter.init) ?? Meter(numerator: 4, denominator: 4)
    let bar = Int64(ticksPerQuarter) * Int64(4 * meter.numerator) / Int64(max(1, meter.denominator))
    emptyBeatRate = Self.emptyRate(notes, every: Int64(ticksPerQuarter), end: end)
    guard bar > 0 else { return }
    emptyMeasureRate = Self.emptyRate(notes, every: bar, end: end)
    grooveConsistency = Self.grooveConsistency(notes, bar: bar, end: end)
    let drums = score.notes(areDrums: true)
    if let duple = Self.patternRate(drums, parts: 4, of: Int64(ticksPerQuarter)),
      let triple = Self.patternRate(drums, parts: 3, of: Int64(ticksPerQuarter))
    {
      drumInPatternRate = meter.isCompound ? triple : duple
      drumPatternConsistency = max(duple, triple)
    }
  }

  /// The last tick of notes and controllers: the end of the piece in MusPy.
  private static func end(_ score: Score, _ notes: [Note]) -> Int64 {
    let controls = score.tracks.lazy.flatMap(\.controls).filter {
      if case .controller = $0.message { true } else { false }
    }
    return max(notes.lazy.map(\.end.rawValue).max() ?? 0, controls.map(\.tick.rawValue).max() ?? 0)
  }

  private static func entropyBits(_ counts: [Int]) -> Double? {
    let total = Double(counts.reduce(0, +))
    guard total > 0 else { return nil }
    return counts.reduce(0) { $1 > 0 ? $0 - Double($1) / total * log2(Double($1) / total) : $0 }
  }

  private static func share(of key: Key, in classes: [Int]) -> Double {
    let inside = classes.indices.reduce(0) { $0 + (key.scale.contains(PitchClass(semitones: $1)) ? classes[$1] : 0) }
    return Double(inside) / Double(classes.reduce(0, +))
  }
}
