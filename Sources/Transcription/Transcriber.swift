internal import MusicAnalysis
public import MusicCore
public import MusicXML

extension NotatedScore {
  /// Transcribes a score: measures and beats as found by the analyzer, note values, voices, the hands of keyboard music
  /// on two staves, and pitches spelled by key.
  ///
  /// If the analyzer trusts the tempo map, onsets keep their positions, and slightly shortened notes get their notated
  /// length; otherwise onsets and ends are quantized to the nearest part of a beat. Drums are omitted. O(n log n).
  ///
  /// - Returns: nil if there are no notes other than drums, or fewer than two onsets.
  public init?(transcribing score: Score) {
    guard let transcriber = Transcriber(score) else { return nil }
    self = transcriber.notated()
  }
}

/// Converts a score to notation.
struct Transcriber {
  private let score: Score
  private let grid: NotationGrid
  private let cells: CellGrid
  private let quantizer: Quantizer
  private let plans: [PartPlan]
  private let speller: Speller

  init?(_ score: Score) {
    guard var grid = NotationGrid(score) else { return nil }
    let plans = PartPlan.parts(of: score)
    guard !plans.isEmpty else { return nil }
    let notes = plans.flatMap(\.staves).flatMap(\.self)
    let last = notes.map { grid.place(of: $0.end) }.max() ?? 0
    guard last < Double(NotationGrid.mostMeasures) * Double(NotationGrid.quarter) * 8 else { return nil }
    // A note that is notated up to a bar line may be played slightly shorter.
    grid.extend(to: Int(last.rounded(.up)) + NotationGrid.quarter / 4)
    self.score = score
    self.plans = plans
    var cells = CellGrid(grid.measures, places: notes.map { grid.place(of: $0.onset) }.sorted(), isExact: grid.isExact)
    let played = plans.flatMap { plan in plan.staves.flatMap { Self.played($0, in: plan, grid) } }
    let quantizer = Quantizer(cells, isExact: grid.isExact, notes: played)
    cells.refine(for: quantizer.writtenEnds(played))
    self.cells = cells
    self.quantizer = Quantizer(cells, isExact: grid.isExact, notes: played)
    speller = Speller(score, grid)
    self.grid = grid
  }

  private static func played(_ notes: [Note], in plan: PartPlan, _ grid: NotationGrid) -> [Quantizer.Played] {
    notes.map { note in
      Quantizer.Played(
        start: max(0, grid.place(of: note.onset)), end: max(0, grid.place(of: note.end)), pitch: note.pitch,
        velocity: note.velocity, isPedaled: plan.isPedalDown(at: note.end))
    }
  }

  func notated() -> NotatedScore {
    var parts: [(plan: PartPlan, staves: [[[Chord]]])] = []
    for plan in plans {
      let staves = plan.staves.map { notes in
        StaffVoices.voices(quantizer.quantized(Self.played(notes, in: plan, grid)), limit: grid.isExact ? 4 : 2)
      }
      parts.append((plan, staves))
    }
    // The last measures may be empty, if an end was rounded down.
    let end = parts.flatMap(\.staves).flatMap(\.self).flatMap(\.self).map(\.end).max() ?? 0
    let measures = grid.measures.prefix { $0.start < end }
    var score = NotatedScore(title: self.score.title, composer: self.score.composer)
    score.parts = parts.enumerated().map { index, part in
      NotatedPart(
        name: part.plan.name, program: part.plan.program, channel: part.plan.channel, clefs: part.plan.clefs,
        measures: self.measures(Array(measures), part.staves, pedals: part.plan.pedals, isFirst: index == 0))
    }
    return score
  }

  // MARK: Measures

  private func measures(
    _ measures: [NotationGrid.Measure], _ staves: [[[Chord]]], pedals: [PartPlan.Pedal], isFirst: Bool
  ) -> [NotatedMeasure] {
    var notated: [NotatedMeasure] = []
    var meter: Meter?
    for measure in measures {
      var result = NotatedMeasure(number: measure.number, length: measure.length)
      result.isIncomplete = measure.isIncomplete
      if measure.meter != meter { result.meter = measure.meter }
      meter = measure.meter
      result.key = speller.signature(at: measure, isFirst: notated.isEmpty)
      notated.append(result)
    }
    if isFirst { addTempos(to: &notated, measures) }
    for pedal in pedals {
      let step = NotationGrid.quarter / 8
      // A pedal pressed before the first measure is notated at its start.
      let place = max(0, Int((grid.place(of: pedal.tick) / Double(step)).rounded()) * step)
      guard let last = measures.last, place < last.end else { continue }
      if place == 0, !pedal.isDown {
        notated[0].pedals.removeAll()
        continue
      }
      let index = grid.measure(at: place)
      notated[index].pedals.append(.init(start: max(0, place - measures[index].start), isDown: pedal.isDown))
    }
    for (staff, voices) in staves.enumerated() {
      // A measure has the upper voice and all voices up to the last one with notes in it.
      var last = [Int](repeating: 0, count: measures.count)
      for (voice, chords) in voices.enumerated() {
        for chord in chords {
          for index in grid.measure(at: chord.start)...grid.measure(at: max(chord.start, chord.end - 1))
          where index < last.count { last[index] = max(last[index], voice) }
        }
      }
      for voice in 0..<max(1, voices.count) {
        addVoice(
          voice < voices.count ? voices[voice] : [], number: voice, staff: staff, last: last, to: &notated, measures)
      }
    }
    return notated
  }

  private func addTempos(to notated: inout [NotatedMeasure], _ measures: [NotationGrid.Measure]) {
    guard let end = measures.last?.end else { return }
    var printed: Double?
    for (place, rate) in grid.tempos() where place < end {
      let index = grid.measure(at: place)
      // Metronome marks are printed where the tempo clearly changes, not at each step of a ritardando.
      let isPrinted = printed == nil
      if isPrinted { printed = rate }
      notated[index].tempos.append(
        .init(start: max(0, place - measures[index].start), beatsPerMinute: rate, isPrinted: isPrinted))
    }
  }

  /// Distributes the chords of a voice over measures, with ties across bar lines and rests in between.
  private func addVoice(
    _ chords: [Chord], number: Int, staff: Int, last: [Int], to notated: inout [NotatedMeasure],
    _ measures: [NotationGrid.Measure]
  ) {
    var rest = chords[...]
    for (index, measure) in measures.enumerated() {
      rest = rest.drop { $0.end <= measure.start }
      let here = rest.prefix { $0.start < measure.end }
      guard number <= last[index] else { continue }
      let splitter = ValueSplitter(measure, cells)
      var elements: [NotatedElement] = []
      var place = 0
      func addRest(to end: Int) {
        // A whole-measure rest stands for the full meter.
        if place == 0, end == measure.length, !measure.isIncomplete {
          elements.append(NotatedElement(start: 0, length: end, value: NoteValue(denominator: 1), heads: []))
        } else {
          elements += splitter.pieces(place, end, isRest: true).map {
            NotatedElement(start: $0.start, length: $0.length, value: $0.value, heads: [])
          }
        }
      }
      for chord in here {
        let start = max(0, chord.start - measure.start)
        let end = min(measure.length, chord.end - measure.start)
        guard start >= place, end > start else { continue }
        addRest(to: start)
        let pieces = splitter.pieces(start, end, isRest: false)
        for (index, piece) in pieces.enumerated() {
          let heads = chord.notes.map { note in
            var head = NoteHead(pitch: speller.spelling(of: note.pitch, at: chord.start), velocity: note.velocity)
            head.isTieEnd = index > 0 || chord.start < measure.start
            head.isTieStart = index + 1 < pieces.count || chord.end > measure.end
            return head
          }
          var element = NotatedElement(start: piece.start, length: piece.length, value: piece.value, heads: heads)
          element.isStaccato = chord.isStaccato && pieces.count == 1 && chord.end - chord.start == piece.length
          elements.append(element)
        }
        place = end
      }
      addRest(to: measure.length)
      markTuplets(in: &elements, of: measure)
      notated[index].voices.append(NotatedVoice(number: 4 * staff + number + 1, staff: staff + 1, elements: elements))
    }
  }

  /// Marks the tuplets: each begins and ends with its cell, which the elements of a voice fill.
  private func markTuplets(in elements: inout [NotatedElement], of measure: NotationGrid.Measure) {
    for index in elements.indices where elements[index].value.tuplet != nil {
      let start = measure.start + elements[index].start
      let cell = cells.cells[cells.index(at: start)]
      elements[index].beginsTuplet = start == cell.start
      elements[index].endsTuplet = start + elements[index].length == cell.end
    }
  }
}
