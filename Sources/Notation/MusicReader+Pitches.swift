internal import MusicCore

/// The pitches of notes and chords.
extension MusicReader {
  private static let letters: [Unicode.Scalar] = ["c", "d", "e", "f", "g", "a", "b"]

  /// One note, or a chord in brackets, written from the bottom up: each note is the next one above.
  mutating func pitches(inVoice voice: Int) throws(NotationError) -> [Sound.Head] {
    guard scanner.skip("[") else {
      return [try head(inVoice: voice) { last, letter in Self.nearest(letter, to: last) }]
    }
    var heads: [Sound.Head] = []
    var bottom: Int?
    while true {
      scanner.skipBlanks()
      if scanner.skip("]") { break }
      let isFirst = heads.isEmpty
      var head = try head(inVoice: voice) { last, letter in
        isFirst ? Self.nearest(letter, to: last) : Self.next(letter, above: last)
      }
      head.isTied = scanner.skip("~")
      bottom = bottom ?? states[voice].step
      guard !heads.contains(where: { $0.pitch == head.pitch }) else {
        throw error(.unexpected("a pitch twice", expected: "another pitch"), at: scanner.offset)
      }
      heads.append(head)
    }
    guard !heads.isEmpty else {
      throw error(.unexpected("an empty chord", expected: "notes"), at: scanner.offset)
    }
    states[voice].step = bottom
    return heads
  }

  /// A letter, accidentals, and an octave if it cannot be inferred.
  private mutating func head(
    inVoice voice: Int,
    octaveRule: (_ last: Int, _ letter: Int) -> Int
  ) throws(NotationError) -> Sound.Head {
    let start = scanner.offset
    guard let next = scanner.peek, let letter = Self.letters.firstIndex(of: next) else {
      throw error(.unexpected(scanner.found, expected: "a note"), at: start)
    }
    scanner.offset += 1
    let accidentals = scanner.take { $0 == "#" || $0 == "b" }
    guard accidentals.count <= 2, let name = NoteName(next.properties.uppercaseMapping + accidentals) else {
      throw error(.unexpected("'\(accidentals)'", expected: "#, ##, b or bb"), at: start)
    }
    let isBelowZero = scanner.skip("-")
    var step: Int
    if let octave = scanner.number() {
      step = 7 * (isBelowZero ? -octave : octave) + letter
    } else if isBelowZero {
      throw error(.unexpected(scanner.found, expected: "an octave"), at: scanner.offset)
    } else {
      guard let last = states[voice].step else { throw error(.needsOctave, at: start) }
      step = octaveRule(last, letter)
    }
    let octave = (step - letter) / 7
    guard (-1...9).contains(octave),
      let pitch = UInt8(exactly: 12 * (octave + 1) + name.semitones).flatMap(Pitch.init(rawValue:))
    else { throw error(.pitchOutOfRange(scanner.text(start..<scanner.offset)), at: start) }
    states[voice].step = step
    return Sound.Head(pitch: pitch, isTied: false)
  }

  /// The octave in which a letter is at most a fourth from the note before, whatever the accidentals.
  private static func nearest(_ letter: Int, to last: Int) -> Int {
    let below = last - 3
    return below + modulo(letter - below)
  }

  private static func next(_ letter: Int, above last: Int) -> Int {
    last + 1 + modulo(letter - last - 1)
  }

  private static func modulo(_ steps: Int) -> Int { (steps % 7 + 7) % 7 }
}
