/// A mono 16-bit sample and how it is played back.
package struct Sample: Hashable, Sendable {
  /// At most 20 bytes of ASCII.
  package var name: String
  /// At least 48 frames.
  package var frames: [Int16]
  /// Frames per second, 400…50,000.
  package var rate: Int
  /// The frames that are repeated, or nil. The frame after the loop must equal its first frame.
  package var loop: Range<Int>?
  /// The MIDI key at which the sample plays at its own pitch, 0…127.
  package var rootKey: UInt8
  /// Cents to add to the pitch on playback, −50…50.
  package var correction: Int8

  /// Creates a sample; without a loop it is played once.
  package init(
    name: String,
    frames: [Int16],
    rate: Int,
    loop: Range<Int>? = nil,
    rootKey: UInt8,
    correction: Int8 = 0
  ) {
    self.name = name
    self.frames = frames
    self.rate = rate
    self.loop = loop
    self.rootKey = rootKey
    self.correction = correction
  }

  /// The number of frames required before and after a loop for the player's interpolation (§7.10).
  package static let loopMargin = 8
  /// The number of zero frames that follow every sample in a file (§6.1).
  static let gap = 46
}
