public import MusicCore

/// The state of the music at one position of a token stream: one row of the feature planes. It has a constant size.
public struct PlaneRow: Hashable, Sendable {
  /// Ticks of 1/64 s since the start of the stream.
  public internal(set) var tick = 0
  /// The sounding pitches.
  public internal(set) var sounding = PitchSet()
  /// The pitches whose onset is at this tick.
  public internal(set) var onsets = PitchSet()
  /// The ticks since the last onset; zero at an onset.
  public internal(set) var ticksSinceOnset = 0
  /// The last inter-onset interval in ticks; zero before the second onset.
  public internal(set) var interOnsetTicks = 0
  /// The position in the beat (beat phase), 0 ≤ x < 1.
  public internal(set) var beatPosition: Float = 0
  /// The melodic interval of the top line in semitones: between the highest pitches of the last two onsets.
  public internal(set) var topInterval = 0
  /// The current dynamic level; mf before the first change.
  public internal(set) var level = DynamicLevel.mf
  /// The last change of the dynamic level in steps, −5…5; zero before it.
  public internal(set) var levelChange = 0

  init() {}

  /// The highest sounding pitch.
  public var top: Pitch? { sounding.highest.map { Pitch(masking: UInt8($0)) } }
  /// The lowest sounding pitch.
  public var bass: Pitch? { sounding.lowest.map { Pitch(masking: UInt8($0)) } }
  /// The interval vector of the sounding pitch classes.
  public var intervalVector: IntervalVector { IntervalVector(sounding.pitchClasses) }
}

extension PlaneRow {
  /// The names of the numbers that `append(to:)` appends, in order.
  public static let names: [String] =
    (0..<12).map { "pitchClass\($0)" } + (0..<12).map { "onsetClass\($0)" }
    + (1...6).map { "intervalClass\($0)" }
    + [
      "dissonance", "soundingCount", "onsetCount", "top", "bass", "topInterval", "secondsSinceOnset",
      "interOnsetSeconds", "beatPosition", "level", "levelChange",
    ]

  /// Appends the row as numbers of about −1…1, one for each of `names`; missing pitches are −1.
  public func append(to values: inout [Float]) {
    for classes in [sounding.pitchClasses, onsets.pitchClasses] {
      for index in 0..<12 { values.append(classes.contains(PitchClass(semitones: index)) ? 1 : 0) }
    }
    let intervals = intervalVector
    for interval in 1...6 { values.append(Float(intervals[interval]) / 12) }
    values.append(Float(intervals.dissonance))
    values.append(Float(sounding.count) / 16)
    values.append(Float(onsets.count) / 16)
    values.append(top.map { Float($0.rawValue) / 127 } ?? -1)
    values.append(bass.map { Float($0.rawValue) / 127 } ?? -1)
    values.append(Float(max(-24, min(24, topInterval))) / 24)
    values.append(Float(min(512, ticksSinceOnset)) / 512)
    values.append(Float(min(512, interOnsetTicks)) / 512)
    values.append(beatPosition)
    values.append(Float(level.rawValue) / 5)
    values.append(Float(levelChange) / 5)
  }
}
