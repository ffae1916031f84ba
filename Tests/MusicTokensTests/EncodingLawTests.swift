import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Properties of the token stream, checked on generated scores.
@Suite struct EncodingLawTests {
  @Test(arguments: [(0, []), (1, [1]), (512, [512]), (513, [512, 1]), (1024, [512, 512]), (1100, [512, 512, 76])])
  func shiftsPassTheirTicks(ticks: Int, shifts: [Int]) {
    let tokens = Token.shifts(passing: ticks)
    #expect(tokens == shifts.map { Token.timeShift($0) })
    #expect(tokens.ticks == ticks)
  }

  private static let options: [EncodingOptions] = [
    EncodingOptions(), EncodingOptions(pedal: .ignore), EncodingOptions(includesDrums: true),
    EncodingOptions(tracks: [0]), EncodingOptions(channels: [Channel(status: 1), .drums]),
  ]

  @Test(arguments: options)
  func encoderFollowsTheRulesOneByOne(options: EncodingOptions) throws {
    for seed in 0..<600 {
      let score = ScoreGenerator.score(seed: UInt64(seed))
      let tokens = try TokenEncoder(options: options).encode(score)
      let expected = ReferenceEncoder(options: options).encode(score)
      try #require(tokens == expected, "seed \(seed)")
    }
  }

  @Test func decodingAndEncodingIsTheIdentity() throws {
    for seed in 0..<600 {
      let tokens = try TokenEncoder().encode(ScoreGenerator.score(seed: UInt64(seed)))
      for tempo in [10.0, 61.7, 120, 1000] {
        let decoded = try TokenDecoder(tempo: tempo, isStrict: true).decode(tokens)
        #expect(decoded.repairs.isEmpty)
        try #require(try TokenEncoder().encode(decoded.score) == tokens, "seed \(seed), tempo \(tempo)")
      }
    }
  }

  @Test func decodedFilesEncodeToTheSameTokens() throws {
    for seed in 0..<100 {
      let tokens = try TokenEncoder().encode(ScoreGenerator.score(seed: UInt64(seed)))
      let bytes = try MIDIFile.bytes(of: TokenDecoder().decode(tokens).score)
      let file = try MIDIFile(bytes: bytes, options: .init(isStrict: true))
      try #require(try TokenEncoder().encode(file.score) == tokens, "seed \(seed)")
    }
  }

  /// Onsets stay within half a tick, 7.8125 ms, of the score, in the first bar and after hours.
  @Test(arguments: [0, 1, 4])
  func timesStayWithinHalfATick(hours: Int) throws {
    for seed in 0..<(hours == 0 ? 300 : 20) {
      let score = ScoreGenerator.score(seed: UInt64(seed), hours: hours)
      let trip = try RoundTrip(of: score)
      #expect(trip.notesLost == 0, "seed \(seed)")
      #expect(trip.maximumOnsetError.milliseconds <= 7.8125 + 1e-6, "seed \(seed)")
    }
  }

  @Test func endsStayWithinHalfATick() throws {
    // Separate notes without pedals, which nothing shortens or prolongs.
    var generator = SeededGenerator(seed: 7)
    var notes: [Note] = []
    var tick: Int64 = 0
    for _ in 0..<5000 {
      tick += Int64.random(in: 40...3000, using: &generator)
      let onset = Tick(rawValue: tick)
      tick += Int64.random(in: 40...3000, using: &generator)
      notes.append(
        Note(onset: onset, end: Tick(rawValue: tick), pitch: Pitch(masking: 60), velocity: .init(masking: 80)))
    }
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 960),
      changes: [
        TempoChange(tick: 100_003, microsecondsPerQuarter: 700_001),
        TempoChange(tick: 777_777, microsecondsPerQuarter: 333_333),
      ])
    let tokens = try TokenEncoder().encode(Score(tempoMap: map, tracks: [Track(notes: notes)]))
    let decoded = try TokenDecoder().decode(tokens).score
    let decodedNotes = decoded.tracks[0].notes
    try #require(decodedNotes.count == notes.count)
    for (note, copy) in zip(notes, decodedNotes) {
      for (time, copied) in [(note.onset, copy.onset), (note.end, copy.end)] {
        let error = map.seconds(at: time) - decoded.tempoMap.seconds(at: copied)
        #expect(abs(error.milliseconds) <= 7.8125 + 1e-6)
      }
    }
  }

  /// The stream depends only on the music, not on how a file stores it.
  @Test func formatResolutionAndTrackOrderDoNotMatter() throws {
    for seed in 0..<200 {
      let score = ScoreGenerator.score(seed: UInt64(seed))
      let tokens = try TokenEncoder().encode(score)

      // The order of tracks decides the order of messages at one tick, but it does not affect notes.
      var notes = score
      for index in notes.tracks.indices {
        (notes.tracks[index].controls, notes.tracks[index].systemExclusives) = ([], [])
      }
      var reversed = notes
      reversed.tracks.reverse()
      #expect(
        try TokenEncoder().encode(reversed) == TokenEncoder().encode(notes), "track order, seed \(seed)")

      if case .metrical(let ticks) = score.division, ticks <= 480 {
        #expect(try TokenEncoder().encode(score.scaled(by: 7)) == tokens, "resolution, seed \(seed)")
      }
      guard score.tracks.allSatisfy({ $0.notes.allSatisfy { $0.end > $0.onset } }) else { continue }
      for format in 0...1 {
        let file = try MIDIFile(bytes: MIDIFile.bytes(of: score, format: format))
        #expect(try TokenEncoder().encode(file.score) == tokens, "format \(format), seed \(seed)")
      }
    }
  }

  @Test func tooLongAScoreIsRefused() {
    let end = Tick(rawValue: 1 << 50)
    let note = Note(onset: 0, end: end, pitch: Pitch(masking: 60), velocity: Velocity(masking: 80))
    let map = TempoMap(division: .metrical(ticksPerQuarter: 480))
    #expect(throws: TokenEncodingError.tooLong(map.seconds(at: end))) {
      try TokenEncoder().encode(Score(tempoMap: map, tracks: [Track(notes: [note])]))
    }
  }
}

extension Score {
  /// The same music with more ticks to the quarter note.
  fileprivate func scaled(by factor: Int64) -> Score {
    guard case .metrical(let ticks) = division else { return self }
    func scale(_ tick: Tick) -> Tick { Tick(rawValue: tick.rawValue * factor) }
    var copy = self
    copy.tempoMap = TempoMap(
      division: .metrical(ticksPerQuarter: ticks * Int(factor)),
      changes: tempoMap.changes.map {
        TempoChange(tick: scale($0.tick), microsecondsPerQuarter: $0.microsecondsPerQuarter)
      })
    for index in tracks.indices {
      for note in tracks[index].notes.indices {
        copy.tracks[index].notes[note].onset = scale(tracks[index].notes[note].onset)
        copy.tracks[index].notes[note].end = scale(tracks[index].notes[note].end)
      }
      for control in tracks[index].controls.indices {
        copy.tracks[index].controls[control].tick = scale(tracks[index].controls[control].tick)
      }
      for message in tracks[index].systemExclusives.indices {
        copy.tracks[index].systemExclusives[message].tick = scale(tracks[index].systemExclusives[message].tick)
      }
    }
    return copy
  }
}
