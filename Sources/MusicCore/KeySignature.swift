/// A written key from a tick on.
public struct KeySignature: Hashable, Sendable {
  public var tick: Tick
  /// Sharps where positive, flats where negative, −7…7.
  public var sharps: Int
  public var isMinor: Bool

  public init(tick: Tick, sharps: Int, isMinor: Bool) {
    self.tick = tick
    self.sharps = sharps
    self.isMinor = isMinor
  }

  /// The key, whatever its spelling: that of six sharps and that of six flats are the same.
  public var key: Key { Key(tonic: PitchClass(semitones: sharps * 7 + (isMinor ? 9 : 0)), isMinor: isMinor) }
}

extension KeySignature: CustomStringConvertible {
  /// The name in words, such as `E♭ major`.
  public var description: String {
    let fifths = ["F", "C", "G", "D", "A", "E", "B"]
    // F has −1 sharps; a minor key stands three fifths above its relative major.
    let position = sharps + 1 + (isMinor ? 3 : 0)
    let letter = fifths[(position % 7 + 7) % 7]
    let accidentals = position >= 0 ? position / 7 : (position - 6) / 7
    let sign = String(repeating: accidentals > 0 ? "♯" : "♭", count: abs(accidentals))
    return "\(letter)\(sign) \(isMinor ? "minor" : "major")"
  }
}
