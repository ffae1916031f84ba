internal import MusicCore

/// Notes, chords, rests and drums.
extension MusicReader {
  mutating func noteOrRest(inVoice voice: Int, ratio: Ratio) throws(NotationError) -> Element {
    let start = scanner.offset
    let heads: [Sound.Head]
    if manuscript.parts[part].isDrums {
      heads = try drums()
    } else if scanner.skip("r") {
      heads = []
    } else {
      heads = try pitches(inVoice: voice)
    }
    let duration = try duration(inVoice: voice, ratio: ratio, at: start)
    guard !heads.isEmpty else { return .rest(duration) }
    var sound = Sound(
      heads: heads,
      duration: duration,
      touch: states[voice].slur != nil ? .legato : touch,
      offset: start
    )
    try readSuffixes(of: &sound, inVoice: voice)
    return .sound(sound)
  }

  private mutating func readSuffixes(of sound: inout Sound, inVoice voice: Int) throws(NotationError) {
    while let next = scanner.peek {
      switch next {
      case "'": sound.touch = .staccato
      case "_": sound.touch = .legato
      case ">": sound.accent += 12
      case "^": sound.accent += 20
      case "~": for index in sound.heads.indices { sound.heads[index].isTied = true }
      case ")":
        guard states[voice].slur != nil else { throw error(.unbalancedSlur, at: scanner.offset) }
        states[voice].slur = nil
        if sound.touch == .legato { sound.touch = .normal }
      case "\"":
        let start = scanner.offset
        scanner.offset += 1
        guard let lyric = scanner.quoted() else {
          throw error(.unexpected("no closing quote", expected: "one"), at: start)
        }
        sound.lyric = lyric
        continue
      default: return
      }
      scanner.offset += 1
      guard sound.accent <= 40 else { throw error(.tooMuch("accents on a note"), at: scanner.offset) }
    }
  }

  /// `/8.`, or the duration of the note before.
  private mutating func duration(
    inVoice voice: Int,
    ratio: Ratio,
    at start: Int
  ) throws(NotationError) -> Int {
    let offset = scanner.offset
    if scanner.skip("/") {
      let value = scanner.number()
      let dots = scanner.take { $0 == "." }.count
      guard let value, (1...128).contains(value), value.nonzeroBitCount == 1, dots <= 3 else {
        throw error(.badDuration(scanner.text(offset + 1..<scanner.offset)), at: offset)
      }
      // With n dots the value is (2ⁿ⁺¹ − 1) / 2ⁿ of the plain one.
      let (ticks, rest) = (4 * manuscript.ticksPerQuarter * ((2 << dots) - 1))
        .quotientAndRemainder(dividingBy: value << dots)
      guard rest == 0 else { throw notWhole(at: offset) }
      states[voice].duration = ticks
    }
    guard let written = states[voice].duration else { throw error(.needsDuration, at: start) }
    let (ticks, rest) = (written * ratio.time).quotientAndRemainder(dividingBy: ratio.notes)
    guard rest == 0, ticks > 0 else { throw notWhole(at: start) }
    return ticks
  }

  private func notWhole(at offset: Int) -> NotationError {
    error(.notWholeTicks(ticksPerQuarter: manuscript.ticksPerQuarter), at: offset)
  }

  private mutating func drums() throws(NotationError) -> [Sound.Head] {
    var heads: [Sound.Head] = []
    let isChord = scanner.skip("[")
    repeat {
      if isChord { scanner.skipBlanks() }
      let start = scanner.offset
      if isChord, scanner.skip("]") { break }
      let name = scanner.take { $0.isLowercase || ("A"..."Z").contains($0) || $0.isDigit }
      if name == "r", !isChord { return [] }
      guard !name.isEmpty else { throw error(.unexpected(scanner.found, expected: "a drum"), at: start) }
      guard let pitch = Drums.pitch(name) else { throw error(.unknownDrum(name), at: start) }
      heads.append(Sound.Head(pitch: pitch, isTied: false))
    } while isChord && heads.count < 16
    guard !heads.isEmpty else {
      throw error(.unexpected("an empty chord", expected: "drums"), at: scanner.offset)
    }
    return heads
  }
}
