/// A major or minor key.
public struct Key: Hashable, Sendable {
  /// The first degree of its scale.
  public var tonic: PitchClass
  /// Whether it is minor.
  public var isMinor: Bool

  /// Creates a key.
  public init(tonic: PitchClass, isMinor: Bool) {
    self.tonic = tonic
    self.isMinor = isMinor
  }

  /// C major 0 … B major 11, C minor 12 … B minor 23.
  package init(index: Int) { self.init(tonic: PitchClass(semitones: index), isMinor: index >= 12) }

  package var index: Int { tonic.rawValue + (isMinor ? 12 : 0) }

  package static let count = 24

  /// The position on the circle of fifths of the major key with the same signature, 0 for C … 11 for F.
  package var signature: Int { tonic.transposed(by: isMinor ? 3 : 0).rawValue * 7 % 12 }

  /// The accidentals of the usual signature: flats from F to D♭ major and from D to E♭ minor.
  public var accidentals: Accidentals { signature >= 7 || self == Self.eFlatMinor ? .flats : .sharps }

  private static let eFlatMinor = Key(tonic: PitchClass(semitones: 3), isMinor: true)

  /// The pitch classes of the major or natural minor scale.
  package var scale: PitchClassSet {
    PitchClassSet((isMinor ? Scale.minor : Scale.major).map(tonic.transposed(by:)))
  }

  /// The pitch classes of the scale, and in minor also the leading tone.
  package var scaleWithLeadingTone: PitchClassSet {
    var scale = scale
    scale.insert(tonic.transposed(by: 11))
    return scale
  }

  /// The tonic on the line of fifths, C 0, as the key is usually written.
  package var lineOfFifths: Int {
    let major = accidentals == .flats ? signature - 12 : signature
    return isMinor ? major + 3 : major
  }

  /// The spelling of a pitch class in this key: from ♭II to ♯IV on the line of fifths, so that the leading tone of D
  /// minor is C♯.
  public func name(of pitchClass: PitchClass) -> NoteName { KeyName(self).name(of: pitchClass) }
}

extension Key: CustomStringConvertible, Codable, CodableByName {
  package static var kind: String { "a key" }

  /// The usual name, such as `Bb major`.
  public var description: String { KeyName(self).description }

  /// Parses the name of a key, such as `F# minor`; nil if it is not valid.
  public init?(_ name: String) {
    guard let key = KeyName(name)?.key else { return nil }
    self = key
  }
}
