internal import MusicCore

/// Reads the lines of a source in order and keeps the state that carries over from line to line.
struct LineReader {
  private var meter: Meter?
  private var key = WrittenKey.cMajor
  /// Changes that begin with the next new bar.
  private var tempo: TempoMark?
  private var partial: Int?
  private var pendingOffset: Int?
  private var form: (words: String, offset: Int)?
  /// For each part.
  private var states: [PartState] = []

  /// The state of a part that carries over from line to line.
  private struct PartState {
    var touch = Touch.normal
    /// For each voice, where its open slur began, or nil.
    var slurs: [Int?] = []
  }

  mutating func read(_ line: Line, into manuscript: inout Manuscript) throws(NotationError) {
    let scanner = Scanner(manuscript.characters, line.content)
    let value = scanner.text(line.content).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if let part = manuscript.parts.firstIndex(where: { $0.name == line.label }) {
      try readMusic(of: part, scanner, into: &manuscript)
      return
    }
    func bad(_ expected: String) -> NotationError {
      manuscript.error(.badValue(field: line.label, value: value, expected: expected), at: line.offset)
    }
    switch line.label {
    case "title": manuscript.title = value
    case "composer": manuscript.composer = value
    case "arranger": manuscript.arranger = value
    case "work": manuscript.work = value
    case "source": manuscript.source = value
    case "format":
      guard value == "0" || value == "1" else { throw bad("0 or 1") }
      manuscript.format = value == "0" ? 0 : 1
    case "ppq":
      guard manuscript.sections.isEmpty, partial == nil else {
        throw manuscript.error(.misplaced(field: "ppq", rule: "must come before the music"), at: line.offset)
      }
      guard let ticks = Int(value), (24...15_360).contains(ticks) else { throw bad("24 … 15360") }
      manuscript.ticksPerQuarter = ticks
    case "part":
      guard manuscript.sections.isEmpty else {
        throw manuscript.error(.misplaced(field: "part", rule: "must come before the music"), at: line.offset)
      }
      var reader = PartReader(scanner: scanner, offset: line.offset)
      manuscript.parts.append(try reader.part(of: manuscript))
      states.append(PartState())
    case "meter":
      guard let meter = Meter(value) else { throw bad("such as 3/4") }
      self.meter = meter
    case "key":
      guard let key = WrittenKey(value) else { throw bad("such as F# minor or Bb major") }
      self.key = key
    case "tempo":
      guard let tempo = Self.tempo(value) else { throw bad("such as Allegro 4=120") }
      (self.tempo, pendingOffset) = (tempo, line.offset)
    case "partial":
      let length = Meter(value)?.length(ticksPerQuarter: manuscript.ticksPerQuarter)
      guard let length else { throw bad("the length of the next bar, such as 1/8") }
      (partial, pendingOffset) = (length, line.offset)
    case "section":
      try finishSection(&manuscript)
      manuscript.sections.append(
        Section(name: value, offset: line.offset, bars: manuscript.parts.map { _ in [] })
      )
    case "form": form = (value, line.offset)
    default: throw manuscript.error(.unknownLabel(line.label), at: line.offset)
    }
  }

  private static func tempo(_ value: String) -> TempoMark? {
    let words = value.split(separator: " ")
    guard let mark = words.first(where: { $0.contains("=") }) else { return nil }
    let others = words.filter { $0 != mark }.joined(separator: " ")
    return TempoMark(mark, word: others.isEmpty ? nil : others)
  }

  private mutating func readMusic(
    of part: Int,
    _ scanner: Scanner,
    into manuscript: inout Manuscript
  ) throws(NotationError) {
    guard meter != nil else { throw manuscript.error(.missing("meter before the music"), at: scanner.offset) }
    if manuscript.sections.isEmpty {
      manuscript.sections.append(Section(offset: scanner.offset, bars: manuscript.parts.map { _ in [] }))
    }
    var reader = MusicReader(
      scanner: scanner,
      manuscript: manuscript,
      part: part,
      touch: states[part].touch,
      slurs: states[part].slurs
    )
    let section = manuscript.sections.count - 1
    while reader.hasBar() {
      let bar = manuscript.sections[section].bars[part].count
      if bar == manuscript.sections[section].measures.count {
        manuscript.sections[section].measures.append(try newMeasure(manuscript, at: reader.scanner.offset))
      }
      let measure = manuscript.sections[section].measures[bar]
      let previous = manuscript.sections[section].bars[part].last
      manuscript.sections[section].bars[part].append(try reader.bar(bar + 1, of: measure, previous: previous))
    }
    states[part] = PartState(touch: reader.touch, slurs: reader.states.map(\.slur))
  }

  private mutating func newMeasure(_ manuscript: Manuscript, at offset: Int) throws(NotationError) -> Measure {
    guard let meter else { throw manuscript.error(.missing("meter before the music"), at: offset) }
    guard let full = meter.length(ticksPerQuarter: manuscript.ticksPerQuarter) else {
      throw manuscript.error(.notWholeTicks(ticksPerQuarter: manuscript.ticksPerQuarter), at: offset)
    }
    guard (partial ?? full) <= full else {
      throw manuscript.error(
        .misplaced(field: "partial", rule: "is longer than the meter"), at: pendingOffset ?? offset)
    }
    defer { (tempo, partial, pendingOffset) = (nil, nil, nil) }
    return Measure(meter: meter, length: partial ?? full, isPartial: partial != nil, key: key, tempo: tempo)
  }

  private mutating func finishSection(_ manuscript: inout Manuscript) throws(NotationError) {
    if let pendingOffset, !manuscript.sections.isEmpty {
      throw manuscript.error(
        .misplaced(field: "tempo or partial", rule: "has no bar to begin with"),
        at: pendingOffset
      )
    }
    if let open = states.flatMap(\.slurs).compactMap(\.self).min() {
      throw manuscript.error(.unbalancedSlur, at: open)
    }
    guard let section = manuscript.sections.last else { return }
    let expected = section.measures.count
    for (part, bars) in zip(manuscript.parts, section.bars) where bars.count != expected && !bars.isEmpty {
      throw manuscript.error(
        .unevenParts(part: part.name, bars: bars.count, expected: expected),
        at: section.offset
      )
    }
  }

  mutating func finish(_ manuscript: inout Manuscript) throws(NotationError) {
    let end = manuscript.characters.count
    guard !manuscript.parts.isEmpty else { throw manuscript.error(.missing("part"), at: end) }
    try finishSection(&manuscript)
    guard manuscript.sections.contains(where: { !$0.measures.isEmpty }) else {
      throw manuscript.error(.missing("music"), at: end)
    }
    guard let form else {
      manuscript.form = Array(manuscript.sections.indices)
      return
    }
    for name in form.words.split(separator: " ") {
      guard let index = manuscript.sections.firstIndex(where: { $0.name == String(name) }) else {
        throw manuscript.error(.missing("section '\(name)'"), at: form.offset)
      }
      manuscript.form.append(index)
    }
    guard (1...64).contains(manuscript.form.count) else {
      throw manuscript.error(.tooMuch("repetition: a form has 1 … 64 sections"), at: form.offset)
    }
    let bars = manuscript.form.reduce(0) { $0 + manuscript.sections[$1].measures.count }
    guard bars < 10_000 else { throw manuscript.error(.tooMuch("music: 9999 bars at most"), at: form.offset) }
  }
}
