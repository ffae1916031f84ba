import Evaluation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite("Excerpts") struct ExcerptTests {
  @Test("an excerpt starts with an onset, ends in time and leaves out notes that sounded before") func cut() throws {
    let music = take([
      note(0, 40, length: 400), note(70, 60), note(80, 62, length: 300), note(134, 64), note(200, 65),
    ])
    let excerpt = try #require(Excerpt(of: music, piece: 3, from: Seconds(1), length: Seconds(2)))
    #expect(excerpt.piece == 3)
    #expect(excerpt.music.notes.map(\.pitch.rawValue) == [60, 62, 64])
    #expect(excerpt.music.notes.map { $0.onset.rawValue * 64 } == [0, 10, 64])
    #expect(excerpt.music.notes[1].end == Seconds(2) && excerpt.music.duration == Seconds(2))
    #expect(Excerpt(of: music, piece: 0, from: Seconds(4), length: Seconds(2)) == nil)
  }

  @Test("starts are drawn in proportion to the number of tokens, where enough music follows") func draws() throws {
    // Twenty seconds each: ten notes a second against one.
    let dense = try stream((0..<200).map { note(6 * $0, 60 + $0 % 12, length: 5) } + [note(1280, 60)])
    let sparse = try stream((0..<20).map { note(64 * $0, 60 + $0 % 12, length: 5) } + [note(1280, 60)])
    let short = try stream([note(0, 60), note(64, 62)])
    let source = ExcerptSource([short, dense, sparse], length: Seconds(5))
    #expect(source.pieceCount == 2)
    let excerpts = source.excerpts(400, seed: 1)
    #expect(excerpts == source.excerpts(400, seed: 1) && excerpts != source.excerpts(400, seed: 2))
    #expect(excerpts.count == 400 && Set(excerpts.map(\.piece)) == [1, 2])
    let share = Double(excerpts.count { $0.piece == 1 }) / 400
    #expect(abs(share - Double(dense.count) / Double(dense.count + sparse.count)) < 0.05)
    #expect(excerpts.filter { $0.piece == 2 }.allSatisfy { $0.music.notes.count >= 5 })
    let shorter = source.excerpts(4, lengths: [Seconds(1), Seconds(2)], seed: 1)
    #expect(shorter.map(\.piece) == excerpts.prefix(4).map(\.piece))
    #expect(zip(shorter, [1, 2, 1, 2]).allSatisfy { $0.music.duration <= Seconds($1) })
    #expect(ExcerptSource([short], length: Seconds(5)).excerpts(3, seed: 1).isEmpty)
  }

  @Test("beginnings are those of the pieces, once each") func beginnings() throws {
    let pieces = try (0..<6).map { piece in
      try stream((0..<30).map { note(64 * ($0 + piece), 60 + ($0 + piece) % 12, length: 32) })
    }
    let source = ExcerptSource(pieces, length: Seconds(5), starts: .beginnings)
    let excerpts = source.excerpts(4, seed: 1)
    #expect(Set(excerpts.map(\.piece)).count == 4 && excerpts != source.excerpts(4, seed: 2))
    #expect(Set(source.excerpts(9, seed: 1).map(\.piece)) == Set(0..<6))
    #expect(excerpts.allSatisfy { Int($0.music.notes[0].pitch.rawValue) == 60 + $0.piece })
    #expect(excerpts.allSatisfy { $0.music.notes.count == 5 })
  }

  @Test("takes are cut like real music, and silent ones are left out") func takes() throws {
    let late = tokens("TIME_SHIFT 64,VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 320")
    let excerpts = Excerpt.takes([[], late], length: Seconds(2))
    #expect(excerpts.map(\.piece) == [1])
    #expect(excerpts[0].music.notes == [note(0, 60, length: 128)])
  }

  @Test("every excerpt has a finite number for each feature") func analyses() throws {
    let music = try #require(
      Excerpt(of: take(randomNotes(80, pitches: 40...80, steps: [0, 8, 16], seed: 1)), piece: 0, length: Seconds(20)))
    let analysis = ExcerptAnalysis(music)
    #expect(analysis.features.count == JudgeFeature.allCases.count && analysis.features.allSatisfy(\.isFinite))
    #expect(analysis.features.count { $0 == JudgeFeature.absent } < 6)
    let single = try #require(Excerpt(of: take([note(0, 60)]), piece: 0, length: Seconds(20)))
    #expect(ExcerptAnalysis(single).features.allSatisfy { $0 == JudgeFeature.absent })
  }

  @Test("halves share no piece and are of equal size") func halves() {
    let all = (0..<60).map { ExcerptAnalysis(piece: $0 % 7, coherence: Coherence(values: [:]), features: []) }
    let sets = ExcerptSets(takes: Array(all.prefix(20)), heldOut: all, halvings: 4, seed: 1)
    #expect(sets.real.count == 20 && sets.halves.count == 4)
    for halves in sets.halves {
      #expect(Set(halves.first.map(\.piece)).isDisjoint(with: halves.second.map(\.piece)))
      #expect(halves.first.count == halves.second.count && halves.first.count == 20)
    }
  }
}
