public import MusicCore

/// What the notes of a take must keep to, whatever the model would rather play. Notes of a prompt that sound already
/// may be of any pitch and number, but last no longer than others.
public struct Constraints: Hashable, Sendable {
  /// The pitches that may start; never none.
  let pitches: PitchSet
  /// The most pitches that may sound at once.
  let maximumPolyphony: Int
  /// The longest that a note may sound, in ticks of 1/64 s from its start, which may be in a prompt.
  let longestNote: Int
  /// The velocity levels that may be set, a bit each from pp on; never none. Notes start at one of them.
  let levels: UInt8

  /// Anything goes.
  public static let none = Constraints()

  private init() {
    pitches = .all
    maximumPolyphony = 128
    longestNote = .max
    levels = 0b11_1111
  }

  /// Constraints, or nil where no pitch of the range is in the scale.
  ///
  /// - Parameters:
  ///   - longestNote: The longest that a note may sound, in ticks of 1/64 s.
  ///   - levels: The dynamic levels of notes.
  /// - Precondition: At least one pitch may sound, for a tick or more.
  public init?(
    scale: Scale? = nil, range: ClosedRange<Pitch>? = nil, maximumPolyphony: Int? = nil, longestNote: Int? = nil,
    levels: ClosedRange<DynamicLevel> = .pp ... .ff
  ) {
    precondition(maximumPolyphony ?? 1 > 0 && longestNote ?? 1 > 0, "a pitch may sound for a while")
    self.levels = DynamicLevel.allCases.filter(levels.contains).reduce(0) { $0 | 1 << $1.rawValue }
    var pitches = PitchSet()
    for pitch in (0..<128).map(Pitch.init(masking:)) {
      let isInScale = scale.map { $0.pitchClasses.contains(pitch.pitchClass) } ?? true
      if isInScale, range?.contains(pitch) ?? true { pitches.insert(pitch) }
    }
    guard !pitches.isEmpty else { return nil }
    self.pitches = pitches
    self.maximumPolyphony = min(maximumPolyphony ?? 128, 128)
    self.longestNote = longestNote ?? .max
  }
}
