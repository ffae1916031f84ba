extension Chord {
  /// Parses a chord symbol, such as `F#m7`, `Bb`, `Cmaj7` or `G7/B`: a note, a quality, and after a slash another bass. Nil
  /// if it is not valid, or if the bass is not a tone of the chord.
  public init?(symbol: some StringProtocol) {
    let parts = symbol.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let head = parts.first else { return nil }
    let letters = String(head.prefix(1)) + head.dropFirst().prefix { $0 == "#" || $0 == "b" }
    guard let root = NoteName(letters), let quality = ChordQuality(suffix: head.dropFirst(letters.count)) else {
      return nil
    }
    var inversion = 0
    if parts.count == 2 {
      guard let bass = NoteName(parts[1]),
        let tone = quality.intervals.firstIndex(of: bass.pitchClass.interval(above: root.pitchClass))
      else { return nil }
      inversion = tone
    }
    self.init(root: root.pitchClass, quality: quality, inversion: inversion)
  }

  /// The symbol, spelled in a key: `F#m7`, `G7/B`.
  public func symbol(in key: Key) -> String {
    "\(key.name(of: root))\(quality.suffix)" + (inversion == 0 ? "" : "/\(key.name(of: bass))")
  }
}

extension ChordQuality {
  /// The part of a chord symbol after the root: nothing for a major triad, `m7` for a minor seventh chord.
  public var suffix: String {
    switch self {
    case .maj: ""
    case .min: "m"
    case .dim: "dim"
    case .aug: "aug"
    case .sus2: "sus2"
    case .sus4: "sus4"
    case .dominant7: "7"
    case .maj7: "maj7"
    case .min7: "m7"
    case .hdim7: "m7b5"
    case .dim7: "dim7"
    case .minmaj7: "mMaj7"
    case .maj6: "6"
    case .min6: "m6"
    }
  }

  /// The quality with a suffix, or with another one in use.
  init?(suffix: some StringProtocol) {
    let others: [String: ChordQuality] = [
      "M": .maj, "maj": .maj, "min": .min, "-": .min, "°": .dim, "o": .dim, "+": .aug, "sus": .sus4, "M7": .maj7,
      "Δ": .maj7, "Δ7": .maj7, "min7": .min7, "-7": .min7, "ø": .hdim7, "ø7": .hdim7, "min7b5": .hdim7, "-7b5": .hdim7,
      "°7": .dim7, "o7": .dim7, "minmaj7": .minmaj7, "mM7": .minmaj7, "min6": .min6, "-6": .min6, "maj6": .maj6,
    ]
    guard let quality = Self.allCases.first(where: { $0.suffix == suffix }) ?? others[String(suffix)] else {
      return nil
    }
    self = quality
  }
}
