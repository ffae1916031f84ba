import Evaluation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite("Grammar") struct GrammarTests {
  @Test("encoded music has no irregularities", arguments: UInt64(0)..<40) func canonical(seed: UInt64) throws {
    let stream = try TokenEncoder().encode(ScoreGenerator.score(seed: seed))
    let report = GrammarReport(stream)
    #expect(report.repairs.isEmpty && report.irregularities.isEmpty && report.openAtEnd == 0)
    #expect(report.tokens == stream.count)
  }

  @Test("a stream is regular exactly if decoding and encoding it gives the same stream", arguments: UInt64(0)..<60)
  func mutated(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let score = ScoreGenerator.score(seed: seed)
    for _ in 0..<40 {
      var stream = Array(try TokenEncoder().encode(score).prefix(30))
      guard stream.count > 2 else { return }
      let (i, j) = (
        Int.random(in: stream.indices, using: &generator), Int.random(in: stream.indices, using: &generator)
      )
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: stream.remove(at: i)
      case 1: stream.swapAt(i, j)
      case 2: stream.insert(stream[j], at: i)
      default: stream[i] = Token(rawValue: UInt16.random(in: 0..<774, using: &generator))!
      }
      // Notes that sound at the end of the stream are ended, and it ends with a note-off.
      var reader = PlaneReader()
      for token in stream { _ = reader.read(token) }
      let sounding = (0..<128).map { Pitch(masking: $0) }.filter { reader.row.sounding.contains($0) }
      stream += [.timeShift(1)] + sounding.map { Token.noteOff($0) }
      while let last = stream.last, !(128..<256).contains(last.rawValue) { stream.removeLast() }
      let report = GrammarReport(stream)
      let isFlawless = report.repairs.isEmpty && report.irregularities.isEmpty && report.openAtEnd == 0
      let again = try TokenEncoder().encode(TokenDecoder().decode(stream).score)
      #expect(isFlawless == (again == stream), "\(stream.map(\.description))")
    }
  }

  @Test(
    "kinds of irregular tokens are distinguished",
    arguments: [
      ("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 5,TIME_SHIFT 6,NOTE_OFF 60", Irregularity.splitShift),
      ("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 5,NOTE_OFF 60,VELOCITY_CHANGE p,NOTE_ON 61", .repeatedLevel),
      ("VELOCITY_CHANGE p,VELOCITY_CHANGE f,NOTE_ON 60", .unusedLevel),
      ("VELOCITY_CHANGE p,NOTE_ON 60,NOTE_ON 62,VELOCITY_CHANGE f,TIME_SHIFT 1", .unusedLevel),
      ("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 5,NOTE_ON 61,NOTE_OFF 60", .misplacedEnd),
      ("VELOCITY_CHANGE p,NOTE_ON 60,NOTE_ON 62,TIME_SHIFT 5,NOTE_OFF 62,NOTE_OFF 60", .misplacedEnd),
      ("VELOCITY_CHANGE p,NOTE_ON 62,NOTE_ON 60", .misplacedStart),
      ("VELOCITY_CHANGE f,NOTE_ON 60,VELOCITY_CHANGE p,NOTE_ON 62", .misplacedStart),
    ])
  func irregular(text: String, kind: Irregularity) {
    let report = GrammarReport(tokens(text))
    #expect(report.irregularities == [kind: 1])
    #expect(report.repairs.isEmpty)
  }

  @Test("invalid tokens are those that the decoder repairs, and rates add up") func repairs() {
    let orphan = GrammarReport(tokens("NOTE_OFF 60,NOTE_ON 60,TIME_SHIFT 1,NOTE_ON 60"))
    #expect(orphan.repairs == ["orphanNoteOff": 1, "missingVelocity": 1, "restrike": 1])
    #expect(orphan.openAtEnd == 1)
    #expect(orphan.ungrammaticalRate == 0.75)
    let fine = GrammarReport(tokens("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 1,TIME_SHIFT 1"))
    let sum = [orphan, fine, orphan].sum
    #expect(sum.ungrammaticalRate == 0.5)
    #expect(sum.irregularRate == 1.0 / 12)
    #expect(sum.repairs["restrike"] == 2)
    #expect(GrammarReport([]).ungrammaticalRate == nil)
  }

  @Test("the longest shift may be followed by another") func longShift() {
    let report = GrammarReport(
      tokens("VELOCITY_CHANGE p,NOTE_ON 60,TIME_SHIFT 512,TIME_SHIFT 512,TIME_SHIFT 3,NOTE_OFF 60"))
    #expect(report.irregularities.isEmpty)
  }
}
