internal import MusicCore

/// Directions, which start with an exclamation mark.
extension MusicReader {
  /// Reads what follows the exclamation mark. A change of articulation is not a mark: it applies to the notes that follow
  /// in the source.
  mutating func mark(at start: Int) throws(NotationError) -> Mark? {
    let word = scanner.take { !$0.isBlank && !"|&{}\"".unicodeScalars.contains($0) }
    if let level = DynamicLevel(word) { return .level(Int(level.velocity.rawValue)) }
    switch word {
    case "ppp": return .level(18)
    case "fff": return .level(124)
    case "<": return .crescendo
    case ">": return .diminuendo
    case "ped": return .pedalDown
    case "*": return .pedalUp
    case "atempo": return .aTempo
    case "legato", "normal", "staccato":
      touch = word == "legato" ? .legato : word == "staccato" ? .staccato : .normal
      return nil
    default: break
    }
    if let tempo = TempoMark(word) { return .tempo(tempo) }
    let halves = word.split(separator: "=", maxSplits: 1)
    guard halves.count == 2, halves[0] == "rit" || halves[0] == "accel",
      let rate = TempoMark.rate(halves[1])
    else { throw error(.unknownMark(word), at: start) }
    return .ramp(beatsPerMinute: rate, isAccelerando: halves[0] == "accel", offset: start)
  }
}
