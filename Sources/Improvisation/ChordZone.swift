package import MusicCore

/// A part of the keyboard where the human holds the chord for the accompaniment.
package struct ChordZone: Hashable, Sendable {
  package let keys: ClosedRange<Pitch>
  /// Whether the chord stays after its keys are released, until another is played.
  package let isLatched: Bool
  private var held: Set<Pitch> = []
  /// The pitch classes of the chord; empty where there is none.
  package private(set) var pitchClasses = PitchClassSet()

  package init(_ keys: ClosedRange<Pitch>, isLatched: Bool = false) { (self.keys, self.isLatched) = (keys, isLatched) }

  package mutating func receive(_ message: ChannelMessage) {
    switch message.kind {
    case .noteOn(let pitch, _) where keys.contains(pitch):
      if held.isEmpty { pitchClasses = PitchClassSet() }
      held.insert(pitch)
      pitchClasses.insert(pitch.pitchClass)
    case .noteOff(let pitch, _) where held.contains(pitch):
      held.remove(pitch)
      if !isLatched { pitchClasses = PitchClassSet(held.map(\.pitchClass)) }
    default: break
    }
  }

  /// The chord that notes are to fit, and the pulse that says where its beats are.
  package struct Chord: Hashable, Sendable {
    /// At least one.
    package var pitchClasses: PitchClassSet
    /// Nil where the beats are not known.
    package var pulse: Pulse?
    package var quartersPerBeat: Double

    package init(_ pitchClasses: PitchClassSet, _ pulse: Pulse?, quartersPerBeat: Double) {
      (self.pitchClasses, self.pulse, self.quartersPerBeat) = (pitchClasses, pulse, quartersPerBeat)
    }

    /// The distance from a beat, in beats, within which a note counts as on it.
    private static let tolerance = 0.125

    package func isOnBeat(_ tick: Tick) -> Bool {
      guard let pulse else { return false }
      let beats = pulse.quarters(at: tick) / quartersPerBeat
      return abs(beats - beats.rounded()) <= Self.tolerance
    }

    /// The pitch classes that may start between beats: those of the chord, and those of the key that are not a semitone
    /// above one of the chord, where they would clash with it (avoid notes).
    ///
    /// - Parameter scale: the pitch classes of the key; nil if there is none.
    package func passing(_ scale: PitchClassSet?) -> PitchClassSet {
      let clashing = pitchClasses.transposed(by: 1)
      let scale = scale ?? PitchClassSet(bits: .max)
      return PitchClassSet(bits: pitchClasses.bits | scale.bits & ~clashing.bits)
    }
  }
}
