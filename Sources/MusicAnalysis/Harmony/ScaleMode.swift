public import MusicCore

/// The seven diatonic modes.
public enum ScaleMode: String, CaseIterable, Sendable, Codable {
  case ionian, dorian, phrygian, lydian, mixolydian, aeolian, locrian

  /// The mode on the tonic of a key whose degrees the pitch classes use most.
  ///
  /// A degree counts as raised or lowered if it sounds at least twice as long as its counterpart; otherwise it is
  /// as in the major or natural minor scale, so that leading tones and chromatic passing tones have no effect.
  public init(of profile: PitchClassProfile, key: Key) {
    func weight(_ degree: Int) -> Double { profile[key.tonic.transposed(by: degree)] }
    func isAltered(_ altered: Int, from usual: Int) -> Bool {
      weight(altered) > 2 * weight(usual) && weight(altered) > 0.01 * profile.total
    }
    if key.isMinor {
      let flatSecond = isAltered(1, from: 2)
      if flatSecond {
        self = isAltered(6, from: 7) ? .locrian : .phrygian
      } else {
        self = isAltered(9, from: 8) ? .dorian : .aeolian
      }
    } else if isAltered(6, from: 5) {
      self = .lydian
    } else {
      self = isAltered(10, from: 11) ? .mixolydian : .ionian
    }
  }
}
