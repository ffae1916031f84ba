internal import MusicCore

/// The names of the drums of the General MIDI percussion map (General MIDI System Level 1, table 3).
enum Drums {
  static func pitch(_ name: String) -> Pitch? { pitches[name].map(Pitch.init(masking:)) }

  private static let pitches: [String: UInt8] = [
    "kick": 36, "rim": 37, "snare": 38, "clap": 39, "brush": 40,
    "tom1": 50, "tom2": 48, "tom3": 47, "tom4": 45, "tom5": 43, "tom6": 41,
    "hat": 42, "footHat": 44, "openHat": 46, "crash": 49, "crash2": 57, "ride": 51, "bell": 53, "china": 52,
    "splash": 55, "tambourine": 54, "cowbell": 56, "bongo1": 60, "bongo2": 61, "conga1": 63, "conga2": 64,
    "timbale1": 65, "timbale2": 66, "cabasa": 69, "maracas": 70, "guiro": 73, "claves": 75, "wood1": 76,
    "wood2": 77,
    "triangle": 81, "shaker": 82, "jingle": 83,
  ]
}
