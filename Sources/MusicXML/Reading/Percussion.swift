internal import MusicCore

/// The percussion instruments of a part, and their General MIDI keys.
struct Percussion {
  /// The key of each instrument that has one.
  private(set) var keys: [String: Pitch] = [:]

  /// Adds an instrument.
  ///
  /// - Returns: false if it is not a percussion instrument.
  mutating func add(_ instrument: XMLElement) -> Bool {
    guard let number = instrument["midi-unpitched"]?.integer, (1...128).contains(number),
      let id = instrument[attribute: "id"]
    else { return false }
    keys[id] = Pitch(masking: UInt8(number - 1))
    return true
  }

  /// The key of a note: that of its instrument, otherwise of the part's only instrument, otherwise the usual one for
  /// its staff position.
  ///
  /// - Parameter unpitched: the `unpitched` element of the note.
  func key(of note: XMLElement, _ unpitched: XMLElement) -> Pitch {
    if let key = note["instrument"]?[attribute: "id"].flatMap({ keys[$0] }) { return key }
    if keys.count == 1, let key = keys.first?.value { return key }
    let place = (unpitched["display-step"]?.text ?? "") + (unpitched["display-octave"]?.text ?? "")
    return Pitch(masking: Self.usualKeys[place] ?? Self.snare)
  }

  private static let snare: UInt8 = 38

  /// The drum set in a staff of five lines, as if with a treble clef (Weinberg, "Guidelines for drumset notation",
  /// Percussive Notes 32, 1994).
  private static let usualKeys: [String: UInt8] = [
    "D4": 44, "E4": 35, "F4": 36, "G4": 41, "A4": 43, "B4": 45, "C5": snare, "D5": 47, "E5": 50, "F5": 51, "G5": 42,
    "A5": 49,
  ]
}
