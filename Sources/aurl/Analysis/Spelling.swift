import MusicAnalysis
import MusicCore

/// Names of pitches as the key spells them: from the flat second to the sharp fourth of the local key, so that the leading
/// note of D minor is C#.
struct Spelling {
  private let keys: [KeySpan]

  /// The spelling of a piece; as in D major where it has no key.
  init(_ harmony: HarmonyAnalysis?) { keys = harmony?.localKeys ?? [] }

  /// The local key at a time; before the first the first.
  func key(at time: Seconds) -> Key? {
    let next = keys.partitioningIndex { $0.start > time + Seconds(1e-3) }
    return keys.isEmpty ? nil : keys[max(0, next - 1)].name
  }

  /// A name such as `Bb` or `F##`.
  func name(of pitchClass: PitchClass, in key: Key?) -> String {
    let (letter, alteration) = Self.parts(pitchClass, key)
    return letter + String(repeating: alteration < 0 ? "b" : "#", count: abs(alteration))
  }

  /// A name with its octave, such as `C#4`; middle C is C4.
  func name(of pitch: Pitch, at time: Seconds) -> String {
    let pitchClass = PitchClass(semitones: Int(pitch.rawValue))
    let key = key(at: time)
    let (_, alteration) = Self.parts(pitchClass, key)
    // The octave is that of the letter: B# lies below the C that it sounds as.
    let natural = Int(pitch.rawValue) - alteration
    return name(of: pitchClass, in: key) + String(natural / 12 - 1 - (natural < 0 ? 1 : 0))
  }

  private static func parts(_ pitchClass: PitchClass, _ key: Key?) -> (letter: String, alteration: Int) {
    let place = (key ?? Key(tonic: PitchClass(semitones: 2), isMinor: false)).lineOfFifths(of: pitchClass)
    // F is −1 on the line of fifths, and every seven fifths further add a sharp.
    let index = place + 1
    let alteration = index >= 0 ? index / 7 : -((6 - index) / 7)
    return (["F", "C", "G", "D", "A", "E", "B"][index - 7 * alteration], alteration)
  }
}
