/// A key signature at a tick.
public struct KeySignature: Hashable, Sendable {
  /// Where it begins to apply.
  public var tick: Tick
  /// The number of sharps, or of flats if negative, −7…7.
  public var sharps: Int
  /// Whether the key is minor.
  public var isMinor: Bool

  /// Creates a key signature; `sharps` is negative for flats.
  public init(tick: Tick, sharps: Int, isMinor: Bool) {
    self.tick = tick
    self.sharps = sharps
    self.isMinor = isMinor
  }

  /// The key regardless of spelling: six sharps and six flats give the same key.
  public var key: Key { Key(tonic: PitchClass(semitones: sharps * 7 + (isMinor ? 9 : 0)), isMinor: isMinor) }
}

extension KeySignature: CustomStringConvertible {
  /// The name in words, such as `E♭ major`.
  public var description: String {
    // A minor key is three fifths above its relative major.
    let tonic = NoteName(fifths: sharps + (isMinor ? 3 : 0)).description
    let signed = tonic.map { $0 == "#" ? "♯" : $0 == "b" ? "♭" : String($0) }.joined()
    return "\(signed) \(isMinor ? "minor" : "major")"
  }
}
