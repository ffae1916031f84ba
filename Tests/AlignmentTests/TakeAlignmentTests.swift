import Alignment
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite struct TakeAlignmentTests {
  static let pieces = ["mozart-sonata-k331-theme", "chopin-prelude-e-minor", "bach-invention-13", "greensleeves"]

  @Test(arguments: pieces) func aPieceAlignsWithItselfWithoutMistakes(piece: String) throws {
    let score = try PlayedTake.score(piece)
    let alignment = try TakeAlignment(score, reference: score)
    #expect(alignment.passages.count == 1)
    #expect(alignment.notes.count == score.playedNotes().count && alignment.notes.allSatisfy { $0.kind == .right })
    #expect(alignment.notes.allSatisfy { $0.played == $0.reference })
  }

  /// Each change of the score is classified correctly, at any tempo, with rubato and human timing.
  @Test(arguments: pieces, [0.5, 1, 1.7]) func changesAreFound(piece: String, stretch: Double) throws {
    let score = try PlayedTake.score(piece).playedNotes()
    let take = PlayedTake(
      score, .init(missing: 40, wrong: 40, extra: 40, rubato: 0.25, jitter: 0.012, lead: 0.02, stretch: stretch))
    let alignment = try TakeAlignment(take.notes, reference: score)
    #expect(alignment.passages.count == 1)
    let found = take.found(alignment)
    // At twice the tempo the notes of neighboring chords lie within the tolerance of each other.
    let least = stretch < 1 ? 0.75 : 0.95
    #expect(found.missing.f > least && found.wrong.f > least && found.extra.f > least, "\(found)")
    // Each note of the take and of the score is reported once.
    #expect(alignment.notes.compactMap(\.played).sorted() == Array(take.notes.indices))
    #expect(alignment.notes.compactMap(\.reference).sorted() == Array(score.indices))
  }

  /// The times that the alignment gives to the notes of the score are those at which they were played.
  @Test(arguments: pieces) func timesFollowTheRubato(piece: String) throws {
    let score = try PlayedTake.score(piece).playedNotes()
    let changes = PlayedTake.Changes(missing: 20, rubato: 0.3, jitter: 0.01)
    let alignment = try TakeAlignment(PlayedTake(score, changes).notes, reference: score)
    let warp = alignment.passages[0].warp
    let errors = score.map { abs(warp.played($0.onset).rawValue - PlayedTake.time($0.onset.rawValue, changes)) }
      .sorted()
    #expect(errors[errors.count / 2] < 0.01 && errors[errors.count * 99 / 100] < 0.05, "\(errors.suffix(5))")
    let back = score.map { abs(warp.reference(warp.played($0.onset)).rawValue - $0.onset.rawValue) }
    #expect(back.allSatisfy { $0 < 1e-6 })
  }

  @Test func repeatsAndLeapsArePassages() throws {
    let score = try PlayedTake.score("bach-invention-13").playedNotes()
    let parts = [0..<120, 60..<200, 320..<score.count]
    var notes: [PlayedNote] = []
    for part in parts {
      let start = notes.last.map { $0.end.rawValue + 0.4 } ?? 0
      let shift = Seconds(start - score[part.lowerBound].onset.rawValue)
      notes += score[part].map { note in
        var note = note
        (note.onset, note.end) = (note.onset + shift, note.end + shift)
        return note
      }
    }
    let alignment = try TakeAlignment(notes, reference: score)
    #expect(alignment.passages.count == 3)
    // At the boundary of two parts a few notes may be assigned to either.
    for (passage, part) in zip(alignment.passages, parts) {
      #expect(
        abs(passage.reference.lowerBound - part.lowerBound) <= 4
          && abs(passage.reference.upperBound - part.upperBound) <= 4)
    }
    let mistakes = alignment.notes.filter { $0.kind != .right }
    #expect(mistakes.count <= 4)
  }

  /// An excerpt of a piece is one passage: the notes before and after it are not reported as missing.
  @Test func anExcerptMissesNothing() throws {
    let score = try PlayedTake.score("mozart-sonata-k331-theme").playedNotes()
    let take = Array(score[150..<260])
    let alignment = try TakeAlignment(take, reference: score)
    #expect(alignment.passages.count == 1)
    #expect(alignment.notes.count { $0.kind == .right } == take.count)
    #expect(alignment.notes.count { $0.kind != .right } <= 2)
  }

  @Test func theLastNotesThatAreLeftOutAreMissing() throws {
    let score = try PlayedTake.score("bach-invention-13").playedNotes()
    let alignment = try TakeAlignment(Array(score.dropLast(5).dropFirst(3)), reference: score)
    let missing = Set(alignment.notes.filter { $0.kind == .missing }.compactMap(\.reference))
    #expect(missing == Set(score.indices.suffix(5) + score.indices.prefix(3)))
  }

  /// Trills and grace notes are extra notes and change nothing else.
  @Test func ornamentsAreExtra() throws {
    let score = try PlayedTake.score("chopin-prelude-e-minor").playedNotes()
    let long = try #require(score.indices.first { score[$0].duration.rawValue > 1 && score[$0].pitch.rawValue > 65 })
    var notes = score
    for beat in 1..<12 {
      var note = score[long]
      note.onset = note.onset + Seconds(0.08 * Double(beat))
      note.end = note.onset + Seconds(0.07)
      if beat % 2 == 1, let pitch = note.pitch.transposed(by: 2) { note.pitch = pitch }
      notes.append(note)
    }
    notes.sort { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
    let alignment = try TakeAlignment(notes, reference: score)
    #expect(alignment.notes.count { $0.kind == .right } == score.count)
    #expect(alignment.notes.count { $0.kind == .extra } == 11)
  }

  @Test func transposingBothChangesNothing() throws {
    let score = try PlayedTake.score("greensleeves").playedNotes()
    let take = PlayedTake(score, .init(missing: 15, wrong: 15, extra: 15, rubato: 0.2, jitter: 0.02)).notes
    func transposed(_ notes: [PlayedNote]) -> [PlayedNote] {
      notes.map { note in
        var note = note
        note.pitch = note.pitch.transposed(by: 3) ?? note.pitch
        return note
      }
    }
    let here = try TakeAlignment(take, reference: score)
    let there = try TakeAlignment(transposed(take), reference: transposed(score))
    #expect(here.notes.count == there.notes.count)
    let isSame = zip(here.notes, there.notes).allSatisfy { a, b in
      a.kind == b.kind && a.played == b.played && a.reference == b.reference
    }
    #expect(isSame)
  }

  @Test func silenceIsRefused() throws {
    let score = try PlayedTake.score("greensleeves").playedNotes()
    #expect(throws: TakeAlignment.Failure.noNotes) { try TakeAlignment([], reference: score) }
    #expect(throws: TakeAlignment.Failure.noNotes) { try TakeAlignment(score, reference: []) }
  }
}
