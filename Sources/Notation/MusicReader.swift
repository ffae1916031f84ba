internal import MusicCore

/// Reads the bars of one line of one part.
struct MusicReader {
  var scanner: Scanner
  let manuscript: Manuscript
  let part: Int
  var touch: Touch
  /// The state of a voice from note to note within the line, in the order of the voices in a bar.
  var states: [VoiceState] = []
  private var measureLength = 0
  /// The number of elements read in this bar, which limits nested repeats.
  private var count = 0

  struct VoiceState {
    /// The note before, in steps of the staff: seven to the octave, 28 for C4.
    var step: Int?
    /// The written duration of the note before, in ticks.
    var duration: Int?
    /// Where the open slur began, or nil.
    var slur: Int?
  }

  init(scanner: Scanner, manuscript: Manuscript, part: Int, touch: Touch, slurs: [Int?]) {
    states = slurs.map { VoiceState(slur: $0) }
    (self.scanner, self.manuscript, self.part, self.touch) = (scanner, manuscript, part, touch)
  }

  /// True where another bar follows; skips a bar line.
  mutating func hasBar() -> Bool {
    scanner.skipBlanks()
    return scanner.peek != nil
  }

  /// Reads up to the next bar line, and over it.
  mutating func bar(
    _ number: Int,
    of measure: Measure,
    previous: Bar?
  ) throws(NotationError) -> Bar {
    (measureLength, count) = (measure.length, 0)
    let start = scanner.offset
    var bar = Bar(voices: [])
    if scanner.skip("%") {
      guard let previous else { throw error(.nothingToRepeat, at: start) }
      bar = previous
      scanner.skipBlanks()
    } else {
      repeat {
        guard bar.voices.count < 8 else { throw error(.tooMuch("voices in a bar"), at: scanner.offset) }
        if states.count == bar.voices.count { states.append(VoiceState()) }
        bar.voices.append(try elements(ofVoice: bar.voices.count, depth: 0))
      } while scanner.skip("&")
    }
    for voice in bar.voices {
      let found = voice.reduce(0) { $0 + $1.duration }
      guard found == measure.length else {
        let beat = 4 * manuscript.ticksPerQuarter / measure.meter.denominator
        let length = NotationError.BarLength(
          part: manuscript.parts[part].name,
          bar: number,
          found: found,
          expected: measure.length,
          beat: beat
        )
        throw error(.barLength(length), at: start)
      }
    }
    guard scanner.peek == nil || scanner.skip("|") else {
      throw error(.unexpected(scanner.found, expected: "a bar line"), at: scanner.offset)
    }
    return bar
  }

  func error(_ reason: NotationError.Reason, at offset: Int) -> NotationError {
    manuscript.error(reason, at: offset)
  }

  private mutating func elements(
    ofVoice voice: Int,
    depth: Int,
    ratio: Ratio = Ratio()
  ) throws(NotationError) -> [Element] {
    var elements: [Element] = []
    while true {
      scanner.skipBlanks()
      let start = scanner.offset
      guard let next = scanner.peek, next != "|", next != "&", next != "}" else {
        guard (scanner.peek == "}") == (depth > 0) else {
          throw error(.unexpected(scanner.found, expected: depth > 0 ? "}" : "a note"), at: start)
        }
        return elements
      }
      switch next {
      case "{":
        elements += try group(inVoice: voice, depth: depth, ratio: ratio)
      case "!":
        scanner.offset += 1
        if let mark = try mark(at: start) { elements.append(.mark(mark)) }
      case "\"":
        scanner.offset += 1
        guard let text = scanner.quoted() else {
          throw error(.unexpected("no closing quote", expected: "one"), at: start)
        }
        elements.append(.mark(.text(text)))
      case "(":
        guard states[voice].slur == nil else { throw error(.unbalancedSlur, at: start) }
        scanner.offset += 1
        states[voice].slur = start
      case "R":
        scanner.offset += 1
        elements.append(.rest(measureLength))
      default:
        elements.append(try noteOrRest(inVoice: voice, ratio: ratio))
      }
      count += 1
      guard count + elements.count < 2048 else { throw error(.tooMuch("music in one bar"), at: start) }
    }
  }

  /// `{3 …}` is a tuplet, three in the time of two; `{3:4 …}` names both numbers; `{x2 …}` is played twice.
  private mutating func group(
    inVoice voice: Int,
    depth: Int,
    ratio: Ratio
  ) throws(NotationError) -> [Element] {
    let start = scanner.offset
    scanner.offset += 1
    guard depth < 4 else { throw error(.tooMuch("nesting of groups"), at: start) }
    let isRepeat = scanner.skip("x")
    guard let number = scanner.number(), (2...32).contains(number) else {
      throw error(
        .unexpected(scanner.found, expected: "the number of a tuplet or a repeat, 2 … 32"),
        at: scanner.offset
      )
    }
    var inner = ratio
    if !isRepeat {
      let usual = number == 2 ? 3 : 1 << (Int.bitWidth - 1 - number.leadingZeroBitCount)
      var time = number.nonzeroBitCount == 1 && number > 2 ? 3 * number / 4 : usual
      if scanner.skip(":") {
        guard let given = scanner.number(), (1...32).contains(given) else {
          throw error(.unexpected(scanner.found, expected: "a number, 1 … 32"), at: scanner.offset)
        }
        time = given
      }
      inner = Ratio(time: ratio.time * time, notes: ratio.notes * number)
    }
    let elements = try elements(ofVoice: voice, depth: depth + 1, ratio: inner)
    scanner.offset += 1
    guard isRepeat else { return elements }
    guard elements.count * number < 2048 else { throw error(.tooMuch("music in one bar"), at: start) }
    return (0..<number).flatMap { _ in elements }
  }
}

/// The ratio of the duration of a tuplet to the plain duration of its notes.
struct Ratio {
  var time = 1
  var notes = 1
}

extension Element {
  /// In ticks.
  var duration: Int {
    switch self {
    case .sound(let sound): sound.duration
    case .rest(let duration): duration
    case .mark: 0
    }
  }
}
