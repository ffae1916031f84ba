package import MusicCore

/// The spelling of pitches: chord tones by their chord, other tones by the local key.
package struct Spelling {
  private let keys: [KeySpan]
  private let chords: [ChordSpan]
  /// The key for music without one, which has few accidentals on either side.
  private static let unknown = KeyName(tonic: NoteName(fifths: 2), isMinor: false)

  /// The spelling of a piece; that of D major if it has no key.
  package init(_ harmony: HarmonyAnalysis?) {
    keys = harmony?.localKeys ?? []
    chords = harmony?.chords ?? []
  }

  /// The local key at a time; before the first one, the first one.
  package func key(at time: Seconds) -> KeyName? {
    let next = keys.partitioningIndex { $0.start > time + Seconds(1e-3) }
    return keys.isEmpty ? nil : keys[max(0, next - 1)].name
  }

  /// The name of a pitch class that sounds at a time.
  package func name(of pitchClass: PitchClass, at time: Seconds) -> NoteName {
    let next = chords.partitioningIndex { $0.start > time + Seconds(1e-3) }
    let chord = next > 0 && time < chords[next - 1].end ? chords[next - 1] : nil
    return chord?.name(of: pitchClass) ?? (key(at: time) ?? Self.unknown).name(of: pitchClass)
  }

  /// A name with its octave, such as `C#4`; middle C is C4.
  package func name(of pitch: Pitch, at time: Seconds) -> String {
    let name = name(of: pitch.pitchClass, at: time)
    return "\(name)\(pitch.octave(spelled: name))"
  }
}

extension ChordSpan {
  /// The name of a chord tone; nil for other tones.
  func name(of pitchClass: PitchClass) -> NoteName? {
    let interval = pitchClass.interval(above: root.pitchClass)
    guard quality.intervals.contains(interval) else { return nil }
    return NoteName(fifths: root.fifths + quality.fifths(interval))
  }
}

extension ChordQuality {
  /// The distance of a chord tone from the root on the line of fifths, by its interval in semitones.
  func fifths(_ interval: Int) -> Int {
    if self == .dim7, interval == 9 { return -9 }
    return [0, 7, 2, -3, 4, -1, -6, 1, 8, 3, -2, 5][interval]
  }
}

extension KeyName {
  /// The name of the root of a chord: that in the key, except that a diminished chord outside the scale has a raised degree
  /// as its root, which resolves upward.
  func rootName(of pitchClass: PitchClass, _ quality: ChordQuality) -> NoteName {
    var name = name(of: pitchClass)
    let isFlat = name.fifths < tonic.fifths - (isMinor ? 4 : 1)
    if isFlat, quality == .dim || quality == .dim7 || quality == .hdim7 { name.fifths += 12 }
    return name
  }
}
