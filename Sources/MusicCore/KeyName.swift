/// A key with its spelling: A♭ minor or G♯ minor. In text and JSON the accidentals are `#` and `b`.
public struct KeyName: Hashable, Sendable {
  /// The first degree of the scale.
  public var tonic: NoteName
  /// Whether the key is minor.
  public var isMinor: Bool

  /// Creates the name of a key.
  public init(tonic: NoteName, isMinor: Bool) {
    self.tonic = tonic
    self.isMinor = isMinor
  }

  /// The usual name of a key: F♯ major, E♭ minor, and otherwise that with the fewest accidentals.
  public init(_ key: Key) { self.init(tonic: NoteName(fifths: key.lineOfFifths), isMinor: key.isMinor) }

  /// The name of a key in a piece whose home key is `home`: of the names with at most seven accidentals in the signature,
  /// the one nearest to the home key on the line of fifths. Of two equally near ones, it is the one with fewer accidentals
  /// or else the usual one.
  ///
  /// The position of a key is the mean of its tonic and its signature, so that its parallel and its relative key are equally
  /// near. In A♭ major, the parallel minor is thus A♭ minor, not G♯ minor.
  public init(_ key: Key, near home: KeyName) {
    let usual = KeyName(key)
    let others = [-12, 12].map { KeyName(tonic: NoteName(fifths: usual.tonic.fifths + $0), isMinor: key.isMinor) }
    func cost(_ name: KeyName) -> (Int, Int) { (abs(name.position - home.position), abs(name.sharps)) }
    self = others.filter { abs($0.sharps) <= 7 }.reduce(usual) { cost($1) < cost($0) ? $1 : $0 }
  }

  /// Twice the position on the line of fifths.
  private var position: Int { tonic.fifths + sharps }

  /// The key regardless of spelling.
  public var key: Key { Key(tonic: tonic.pitchClass, isMinor: isMinor) }

  /// The number of sharps in the signature, or of flats if negative.
  public var sharps: Int { tonic.fifths - (isMinor ? 3 : 0) }

  /// The spelling of a pitch class in this key: from ♭II to ♯IV on the line of fifths, so that the leading tone of D
  /// minor is C♯.
  public func name(of pitchClass: PitchClass) -> NoteName {
    NoteName(fifths: tonic.fifths + (7 * pitchClass.interval(above: tonic.pitchClass) + 5) % 12 - 5)
  }
}

extension KeyName: CustomStringConvertible, Codable, CodableByName {
  package static var kind: String { "a key" }

  /// The name, such as `Bb major`.
  public var description: String { "\(tonic) \(isMinor ? "minor" : "major")" }

  /// Parses the name of a key, such as `F# minor`; nil if it is not valid.
  public init?(_ name: String) {
    let words = name.split(separator: " ")
    guard words.count == 2, let tonic = NoteName(words[0]), ["major", "minor"].contains(words[1]) else { return nil }
    self.init(tonic: tonic, isMinor: words[1] == "minor")
  }
}
