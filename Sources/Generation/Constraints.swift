public import MusicCore

/// Hard constraints on the notes of a take; tokens that would violate them are masked. Notes of a prompt that already
/// sound may have any pitch and any number, but the limit on duration applies to them too.
public struct Constraints: Hashable, Sendable {
  /// The pitches that may start; never empty.
  let pitches: PitchSet
  /// The maximum number of pitches that sound at once.
  let maximumPolyphony: Int
  /// The maximum duration of a note, in ticks of 1/64 s from its onset, which may lie in a prompt.
  let longestNote: Int
  /// The dynamic levels that may be set, one bit each with pp the lowest; never empty. Every note starts at one of
  /// them.
  let levels: UInt8

  /// No constraints.
  public static let none = Constraints()

  private init() {
    pitches = .all
    maximumPolyphony = 128
    longestNote = .max
    levels = 0b11_1111
  }

  /// Creates constraints; nil if no pitch of the range is in the scale.
  ///
  /// - Parameters:
  ///   - longestNote: The maximum duration of a note.
  ///   - levels: The dynamic levels that notes may have.
  /// - Precondition: At least one pitch may sound, for a tick or more.
  public init?(
    scale: Scale? = nil, range: ClosedRange<Pitch>? = nil, maximumPolyphony: Int? = nil, longestNote: TokenTime? = nil,
    levels: ClosedRange<DynamicLevel> = .pp ... .ff
  ) {
    precondition(maximumPolyphony ?? 1 > 0 && longestNote ?? 1 > .zero, "a pitch may sound for a while")
    self.levels = DynamicLevel.allCases.filter(levels.contains).reduce(0) { $0 | 1 << $1.rawValue }
    var pitches = PitchSet()
    for pitch in (0..<128).map(Pitch.init(masking:)) {
      let isInScale = scale.map { $0.pitchClasses.contains(pitch.pitchClass) } ?? true
      if isInScale, range?.contains(pitch) ?? true { pitches.insert(pitch) }
    }
    guard !pitches.isEmpty else { return nil }
    self.pitches = pitches
    self.maximumPolyphony = min(maximumPolyphony ?? 128, 128)
    self.longestNote = longestNote?.rawValue ?? .max
  }
}
