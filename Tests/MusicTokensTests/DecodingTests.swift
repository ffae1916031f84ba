import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite struct DecodingTests {
  private func tokens(_ names: String) throws -> [Token] {
    try names.split(separator: ",").map { try #require(Token(String($0)), "\($0)") }
  }

  /// The decoded notes as pitch, onset and end in ticks of 1/64 s, and velocity.
  private func notes(_ names: String) throws -> [[Int]] {
    try TokenDecoder().decode(tokens(names)).score.tracks[0].notes.map {
      [Int($0.pitch.rawValue), Int($0.onset.rawValue) / 15, Int($0.end.rawValue) / 15, Int($0.velocity.rawValue)]
    }
  }

  @Test func decodesNotesLevelsAndTime() throws {
    let names =
      "VELOCITY_CHANGE pp,NOTE_ON 60,TIME_SHIFT 4,VELOCITY_CHANGE ff,NOTE_ON 64,TIME_SHIFT 512,NOTE_OFF 60,NOTE_OFF 64"
    #expect(try notes(names) == [[60, 0, 516, 33], [64, 4, 516, 112]])
  }

  @Test(arguments: [
    ("NOTE_OFF 60", TokenRepair.Kind.orphanNoteOff, 0),
    ("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 2,NOTE_ON 60,TIME_SHIFT 2,NOTE_OFF 60", .restrike, 3),
    ("TIME_SHIFT 1,NOTE_ON 60,TIME_SHIFT 1,NOTE_OFF 60", .missingVelocity, 1),
    ("VELOCITY_CHANGE mf,NOTE_ON 60,NOTE_OFF 60", .zeroLengthNote, 2),
    ("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 2", .openAtEnd, 3),
  ])
  func repairsAreCountedAndStrictDecodingRefusesThem(names: String, kind: TokenRepair.Kind, index: Int) throws {
    let decoded = try TokenDecoder().decode(tokens(names))
    #expect(decoded.repairs == [TokenRepair(kind: kind, index: index)])
    #expect(throws: TokenRepair(kind: kind, index: index)) { try TokenDecoder(isStrict: true).decode(tokens(names)) }
  }

  @Test func repairsMakeTheNotesTheyPromise() throws {
    #expect(try notes("NOTE_ON 60,TIME_SHIFT 1,NOTE_OFF 60") == [[60, 0, 1, 80]])
    #expect(
      try notes("NOTE_ON 60,TIME_SHIFT 2,NOTE_ON 60,TIME_SHIFT 2,NOTE_OFF 60") == [[60, 0, 2, 80], [60, 2, 4, 80]])
    #expect(try notes("NOTE_ON 60,NOTE_OFF 60") == [[60, 0, 1, 80]])
    #expect(try notes("NOTE_ON 60,TIME_SHIFT 9") == [[60, 0, 9, 80]])
    #expect(try notes("TIME_SHIFT 9,NOTE_ON 60") == [[60, 9, 10, 80]])
    // Two note-ons of one pitch at one onset are one note, with the higher level.
    #expect(
      try notes("VELOCITY_CHANGE f,NOTE_ON 60,VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 3,NOTE_OFF 60") == [
        [60, 0, 3, 96]
      ])
    #expect(try notes("NOTE_ON 60,NOTE_OFF 60,NOTE_ON 60,TIME_SHIFT 3,NOTE_OFF 60") == [[60, 0, 3, 80]])
  }

  /// Any sequence of tokens can be decoded, and encoding the result is stable.
  @Test func anyTokensDecode() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<400 {
      let pitches = UInt16(generator.oneIn(2) ? 4 : 128)
      let stream = (0..<Int.random(in: 0...200, using: &generator)).map { _ in
        let raw: UInt16 =
          switch Int.random(in: 0..<4, using: &generator) {
          case 0: .random(in: 0..<pitches, using: &generator)
          case 1: 128 + .random(in: 0..<pitches, using: &generator)
          case 2: .random(in: 256...270, using: &generator)
          default: .random(in: 0...773, using: &generator)
          }
        return Token(rawValue: raw) ?? .timeShift(1)
      }
      let decoded = try TokenDecoder().decode(stream)
      let notes = decoded.score.tracks[0].notes
      #expect(notes.allSatisfy { $0.end > $0.onset })
      #expect(zip(notes, notes.dropFirst()).allSatisfy { $0.onset <= $1.onset })
      let encoded = try TokenEncoder().encode(decoded.score)
      let again = try TokenDecoder(isStrict: true).decode(encoded)
      #expect(again.score.tracks[0].notes.count == notes.count, "no note is lost or added")
      #expect(try TokenEncoder().encode(again.score) == encoded)
    }
  }

  @Test func theTempoChangesTheNotationAndNotTheTime() throws {
    let notes = (1...500).map { "NOTE_ON 60,TIME_SHIFT \($0),NOTE_OFF 60,TIME_SHIFT 1" }
    let stream = try tokens("VELOCITY_CHANGE mf,TIME_SHIFT 500," + notes.joined(separator: ","))
    let exact = try TokenDecoder().decode(stream).score
    for tempo in [10.0, 11, 59.9, 60, 97.3, 119.99, 120, 120.01, 333.3, 1000] {
      let score = try TokenDecoder(tempo: tempo).decode(stream).score
      let map = score.tempoMap
      // Errors stay within half a tick of 1/960 s, also after half an hour.
      for (note, expected) in zip(score.tracks[0].notes, exact.tracks[0].notes) {
        for (tick, exactTick) in [(note.onset, expected.onset), (note.end, expected.end)] {
          let error = map.seconds(at: tick).rawValue - exact.tempoMap.seconds(at: exactTick).rawValue
          #expect(abs(error) <= 1 / 1920 + 1e-9, "\(tempo)")
        }
      }
      #expect(abs(map.changes[0].beatsPerMinute - tempo) < 0.001 * tempo)
      #expect(try TokenEncoder().encode(score) == TokenEncoder().encode(exact))
    }
    #expect(
      try TokenDecoder().decode(stream).score.tracks[0].notes[0].onset == 7500, "15 ticks to a tick of the stream")
  }
}
