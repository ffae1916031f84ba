public import MusicCore

/// What the notes of a take must keep to, whatever the model would rather play. Notes of a prompt that sound already
/// may be of any pitch and number, but last no longer than others.
public struct Constraints: Hashable, Sendable {
  /// The pitches that may start, a bit each; never none.
  let pitches: UInt128
  /// The most pitches that may sound at once.
  let maximumPolyphony: Int
  /// The longest that a note may sound, in ticks of 1/64 s from its start, which may be in a prompt.
  let longestNote: Int

  /// Anything goes.
  public static let none = Constraints()

  private init() {
    pitches = .max
    maximumPolyphony = 128
    longestNote = .max
  }

  /// Constraints, or nil where no pitch of the range is in the scale.
  ///
  /// - Parameter longestNote: The longest that a note may sound, in ticks of 1/64 s.
  /// - Precondition: At least one pitch may sound, for a tick or more.
  public init?(
    scale: Scale? = nil, range: ClosedRange<Pitch>? = nil, maximumPolyphony: Int? = nil, longestNote: Int? = nil
  ) {
    precondition(maximumPolyphony ?? 1 > 0 && longestNote ?? 1 > 0, "a pitch may sound for a while")
    var pitches: UInt128 = 0
    for pitch in 0..<UInt8(128) {
      let isInScale = scale.map { $0.pitchClasses >> UInt16(pitch % 12) & 1 == 1 } ?? true
      if isInScale, range?.contains(Pitch(clamping: pitch)) ?? true { pitches |= 1 << UInt128(pitch) }
    }
    guard pitches != 0 else { return nil }
    self.pitches = pitches
    self.maximumPolyphony = min(maximumPolyphony ?? 128, 128)
    self.longestNote = longestNote ?? .max
  }
}
