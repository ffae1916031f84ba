internal import MusicCore

/// The measures of a score in playing order, and the conversion of their content to ticks.
struct ScoreTimeline {
  private let ticksPerQuarter: Int
  /// The played measures with their start in quarter notes and the number of the pass, from 1.
  private let played: [(measure: Int, start: Double, pass: Int)]
  private let end: Double
  private var tempos: [(tick: Tick, beatsPerMinute: Double)] = []
  private var meters: [TimeSignature] = []
  private var keys: [KeySignature] = []
  private var markers: [TextEvent] = []

  init(lengths: [Double], order: [Int], ticksPerQuarter: Int) {
    self.ticksPerQuarter = ticksPerQuarter
    var place = 0.0
    var passes = [Int](repeating: 0, count: lengths.count)
    played = order.map { measure in
      defer { place += lengths[measure] }
      passes[measure] += 1
      return (measure, place, passes[measure])
    }
    end = place
  }

  private func tick(_ quarters: Double) -> Tick {
    Tick(rawValue: Int64((max(0, quarters) * Double(ticksPerQuarter)).rounded()))
  }

  /// Adds the tempos, meters, keys and markers of a part.
  mutating func addMarks(of content: [MeasureContent]) {
    let isFirst = meters.isEmpty && keys.isEmpty
    var meter: Meter?
    for (place, (measure, start, _)) in played.enumerated() where measure < content.count {
      let marks = content[measure]
      tempos += marks.tempos.map { (tick(start + $0.place), $0.beatsPerMinute) }
      markers += marks.markers.map {
        TextEvent(tick: tick(start + $0.place), kind: .marker, bytes: Array($0.text.utf8))
      }
      guard isFirst else { continue }
      meter = marks.meter ?? meter
      // A measure that is shorter or longer than its meter, such as a pickup, gets a time signature of its own.
      let length = (place + 1 < played.count ? played[place + 1].start : end) - start
      if let meter = meter.map({ Self.meter($0, ofLength: length) ?? $0 }) {
        meters.append(TimeSignature(tick: tick(start), numerator: meter.numerator, denominator: meter.denominator))
      }
      if let (sharps, isMinor) = marks.fifths {
        keys.append(KeySignature(tick: tick(start), sharps: sharps, isMinor: isMinor))
      }
    }
  }

  /// A meter with the length of a measure in quarter notes: the written one if it fits, otherwise one of the same or
  /// shorter note values; nil if there is none.
  private static func meter(_ written: Meter, ofLength length: Double) -> Meter? {
    [written.denominator, 4, 8, 16, 32, 64].lazy.filter { $0 >= min(4, written.denominator) }.compactMap {
      denominator in
      let count = length * Double(denominator) / 4
      guard (1...255).contains(count), abs(count - count.rounded()) < 1e-6 else { return nil }
      return Meter(numerator: Int(count.rounded()), denominator: denominator)
    }.first
  }

  /// The notes, pedals and lyrics of a staff.
  func track(of content: [MeasureContent], staff: Int, channel: Channel) -> Track {
    var notes: [Note] = []
    var controls: [ControlEvent] = []
    var texts: [TextEvent] = []
    /// The notes that a tie continues; several voices may have one each.
    var tied: [TiePlace: ArraySlice<Int>] = [:]
    for (measure, start, pass) in played where measure < content.count {
      for note in content[measure].notes.sorted(by: { $0.onset < $1.onset }) where note.staff == staff {
        let (onset, end) = (tick(start + note.onset), tick(start + note.onset + note.length))
        guard end > onset else { continue }
        var index = notes.count
        if note.isTieEnd, let open = tied[TiePlace(pitch: note.pitch, tick: onset)]?.popFirst() {
          index = open
          notes[index].end = end
        } else {
          notes.append(
            Note(
              onset: onset, end: end, pitch: note.pitch, velocity: Velocity(masking: note.velocity),
              channel: note.isDrum ? .drums : channel))
        }
        if note.isTieStart { tied[TiePlace(pitch: note.pitch, tick: end), default: []].append(index) }
      }
      for pedal in content[measure].pedals where pedal.staff == staff || staff == 1 {
        controls.append(
          ControlEvent(
            tick: tick(start + pedal.place), channel: channel,
            message: .controller(.sustain, pedal.isDown ? 127 : 0)))
      }
      let lyrics = content[measure].lyrics.filter { $0.staff == staff }
      // Each pass has its own verse, if there is one.
      let verse = lyrics.contains { $0.verse == pass } ? pass : lyrics.map(\.verse).min()
      for lyric in lyrics where lyric.verse == verse {
        texts.append(TextEvent(tick: tick(start + lyric.place), kind: .lyric, bytes: Array(lyric.text.utf8)))
      }
    }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    texts.sort { $0.tick < $1.tick }
    controls = controls.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }.map(
      \.element)
    let last = [tick(end), notes.map(\.end).max() ?? .zero, controls.last?.tick ?? .zero].max() ?? .zero
    return Track(notes: notes, controls: controls, texts: texts, end: last)
  }

  /// The score with the given tracks.
  ///
  /// - Parameter texts: the texts of the first track, which has no notes.
  func score(tracks: [Track], texts: [TextEvent]) -> Score {
    var changes: [TempoChange] = []
    let ordered = tempos.enumerated().sorted { ($0.element.tick, $0.offset) < ($1.element.tick, $1.offset) }
    for (_, tempo) in ordered {
      let microseconds = Int((60_000_000 / tempo.beatsPerMinute).rounded())
      if changes.last?.tick == tempo.tick { changes.removeLast() }
      if changes.last?.microsecondsPerQuarter == microseconds { continue }
      changes.append(TempoChange(tick: tempo.tick, microsecondsPerQuarter: microseconds))
    }
    let conductor = Track(texts: texts + markers.sorted { $0.tick < $1.tick }, end: tick(end))
    return Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: ticksPerQuarter), changes: changes),
      tracks: [conductor] + tracks, timeSignatures: meters.withoutRepetitions, keySignatures: keys.withoutRepetitions)
  }
}

/// The pitch and end of a note that starts a tie.
private struct TiePlace: Hashable {
  var pitch: Pitch
  var tick: Tick
}

extension [TimeSignature] {
  fileprivate var withoutRepetitions: Self {
    enumerated().filter { index, sign in
      index == 0 || sign.numerator != self[index - 1].numerator || sign.denominator != self[index - 1].denominator
    }.map(\.element)
  }
}

extension [KeySignature] {
  fileprivate var withoutRepetitions: Self {
    enumerated().filter { index, sign in
      index == 0 || sign.sharps != self[index - 1].sharps || sign.isMinor != self[index - 1].isMinor
    }.map(\.element)
  }
}
