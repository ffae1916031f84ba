package import MusicCore

/// Chords as degrees of a key.
package enum RomanNumeral {
  /// The numeral of a chord, such as `ii65`, `bVI` or `viio7`; `goal` is the chord that follows, by which a major
  /// chord or dominant seventh outside the key is read as an applied dominant, such as `V7/V`.
  package static func name(_ chord: ChordSpan, in key: Key, goal: ChordSpan?) -> String {
    let root = chord.root.pitchClass
    let figures = figures(chord)
    if let goal, isAppliedDominant(chord, in: key, goal: goal) {
      return "V\(figures)/\(degree(of: goal.root.pitchClass, quality: goal.quality, in: key))"
    }
    return degree(of: root, quality: chord.quality, in: key) + figures
  }

  private static func isAppliedDominant(_ chord: ChordSpan, in key: Key, goal: ChordSpan) -> Bool {
    let root = chord.root.pitchClass
    guard chord.quality == .maj || chord.quality == .dominant7, goal.quality.family != .other,
      root.interval(above: goal.root.pitchClass) == 7, goal.root.pitchClass != key.tonic
    else { return false }
    let degrees = scale(of: key)
    guard degrees.contains(goal.root.pitchClass.interval(above: key.tonic)) else { return false }
    return !chord.quality.intervals.allSatisfy { interval in
      degrees.contains(root.transposed(by: interval).interval(above: key.tonic))
    }
  }

  private static func scale(of key: Key) -> [Int] {
    key.isMinor ? [0, 2, 3, 5, 7, 8, 10] : [0, 2, 4, 5, 7, 9, 11]
  }

  private static func degree(of root: PitchClass, quality: ChordQuality, in key: Key) -> String {
    let names =
      key.isMinor
      ? ["I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII"]
      : ["I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"]
    let name = names[root.interval(above: key.tonic)]
    guard quality.third == 3 else { return name }
    // The accidental stays: only the letters are small. The leading-note chord of a minor key needs no sharp.
    let isLeading = key.isMinor && name == "#VII"
    return isLeading ? "vii" : String(name.map { $0 == "b" || $0 == "#" ? $0 : Character($0.lowercased()) })
  }

  /// The quality where it is not plain from the numeral, and the figured bass of the inversion.
  private static func figures(_ chord: ChordSpan) -> String {
    let inversion = chord.inversion
    switch chord.quality {
    case .maj, .min: return ["", "6", "64"][inversion]
    case .dim: return "o" + ["", "6", "64"][inversion]
    case .aug: return "+" + ["", "6", "64"][inversion]
    case .sus2: return "sus2"
    case .sus4: return "sus4"
    case .maj6, .min6: return "add6"
    case .dominant7, .min7: return seventh[inversion]
    case .maj7, .minmaj7: return "maj" + seventh[inversion]
    case .hdim7: return "ø" + seventh[inversion]
    case .dim7: return "o" + seventh[inversion]
    }
  }

  private static let seventh = ["7", "65", "43", "42"]
}
