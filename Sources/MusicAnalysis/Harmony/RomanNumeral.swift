package import MusicCore

/// Roman numerals of chords in a key.
package enum RomanNumeral {
  /// The numeral of a chord, such as `ii65`, `bVI` or `viio7`. A chord outside the key that resolves to the following chord
  /// `goal` is an applied chord, such as `V7/V` or `viio7/ii`.
  package static func name(_ chord: ChordSpan, in key: Key, goal: ChordSpan?) -> String {
    let figures = figures(chord)
    if let goal, let function = appliedFunction(chord, in: key, goal: goal) {
      return "\(function)\(figures)/\(degree(of: goal.root.pitchClass, quality: goal.quality, in: key))"
    }
    return degree(of: chord.root.pitchClass, quality: chord.quality, in: key) + figures
  }

  /// The function of a chord outside the key in that of the triad to which it resolves: dominant or leading-tone chord.
  private static func appliedFunction(_ chord: ChordSpan, in key: Key, goal: ChordSpan) -> String? {
    let (root, target) = (chord.root.pitchClass, goal.root.pitchClass)
    guard goal.quality.family != .other, target != key.tonic, key.scale.contains(target) else { return nil }
    let isInScale = chord.quality.intervals.allSatisfy { key.scale.contains(root.transposed(by: $0)) }
    switch chord.quality {
    case .maj, .dominant7: return root.interval(above: target) == 7 && !isInScale ? "V" : nil
    case .dim, .dim7, .hdim7:
      // The leading-tone chord of the key itself is not applied, although its root is not in the natural minor scale.
      let isOwn = root.interval(above: key.tonic) == 11
      return root.interval(above: target) == 11 && !isInScale && !isOwn ? "vii" : nil
    default: return nil
    }
  }

  private static func degree(of root: PitchClass, quality: ChordQuality, in key: Key) -> String {
    let names =
      key.isMinor
      ? ["I", "bII", "II", "III", "#III", "IV", "#IV", "V", "VI", "#VI", "VII", "#VII"]
      : ["I", "bII", "II", "bIII", "III", "IV", "#IV", "V", "bVI", "VI", "bVII", "VII"]
    let name = names[root.interval(above: key.tonic)]
    guard quality.third == 3 else { return name }
    // Only the letters become lower case, not the accidental. The leading-tone chord of a minor key needs no sharp.
    let isLeading = key.isMinor && name == "#VII"
    return isLeading ? "vii" : String(name.map { $0 == "b" || $0 == "#" ? $0 : Character($0.lowercased()) })
  }

  /// The symbol of the quality, if the numeral does not imply it, and the figured bass of the inversion.
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
