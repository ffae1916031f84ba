import Evaluation
import Foundation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite("Samples") struct SampleTests {
  @Test("features describe the notes that sound") func features() throws {
    let music = Take(
      notes: [
        note(0, 60, length: 16, velocity: 33), note(0, 64, length: 32, velocity: 112), note(16, 36, length: 45),
        note(48, 100, length: 1),
      ], duration: Seconds(2))
    let values = try #require(TakeFeatures(music)).values
    #expect(values[.pitchCount] == [4])
    func share(_ name: TakeFeatures.Name, _ expected: [Int: Double]) {
      let histogram = values[name] ?? []
      #expect(abs(histogram.reduce(0, +) - 1) < 1e-12, "\(name)")
      for (bin, value) in expected { #expect(abs(histogram[bin] - value) < 1e-12, "\(name) \(bin)") }
    }
    share(.pitch, [60: 0.25, 64: 0.25, 36: 0.25, 100: 0.25])
    share(.pitchClass, [0: 0.5, 4: 0.5])
    // 4, −28 and 64 semitones.
    share(.interval, [28: 1.0 / 3, 0: 1.0 / 3, 48: 1.0 / 3])
    // 0, 16 and 32 ticks.
    share(.interOnset, [0: 1.0 / 3, 7: 1.0 / 3, 9: 1.0 / 3])
    // 45 ticks are half an octave, a factor of √2, above 32.
    share(.noteLength, [0: 0.25, 7: 0.25, 9: 0.25, 10: 0.25])
    share(.velocity, [0: 0.25, 3: 0.5, 5: 0.25])
    // Two notes sound for 32 + 1 ticks, one for 28 and none for 67.
    share(.polyphony, [0: 67.0 / 128, 1: 28.0 / 128, 2: 33.0 / 128])
    #expect(TakeFeatures(take([note(0, 60)])) == nil)
  }

  @Test("every note is in the excerpt in which it starts") func excerpts() {
    let music = Take(
      notes: [note(0, 60), note(60, 62, length: 20), note(64, 64), note(150, 65)], duration: Seconds(2.5))
    let excerpts = music.excerpts(of: Seconds(1))
    #expect(excerpts.map { $0.notes.map(\.pitch.rawValue) } == [[60, 62], [64]])
    #expect(excerpts[0].notes[1].end == Seconds(1))
    #expect(excerpts[1].notes[0].onset == .zero)
    #expect(music.excerpts(of: Seconds(3)).isEmpty)
  }

  private static func takes(_ count: Int, pitches: ClosedRange<Int>, steps: [Int] = [4, 8, 16], seed: UInt64) -> [Take]
  {
    (0..<count).map { take(randomNotes(60, pitches: pitches, steps: steps, seed: seed + UInt64($0))) }
  }

  @Test("the comparison finds the feature that differs") func comparison() throws {
    let reference = Self.takes(24, pitches: 48...72, seed: 0).map { [$0] }
    let other = Self.takes(30, pitches: 48...72, seed: 100)
    let higher = other.map { music in
      take(music.notes.map { note(Int($0.onset.rawValue * 64), Int($0.pitch.rawValue) + 24) })
    }
    let same = SampleComparison.all(other, training: higher, reference: reference)
    #expect(same.map(\.feature) == TakeFeatures.Name.allCases)
    func found(_ name: TakeFeatures.Name) throws -> SampleComparison {
      try #require(same.first { $0.feature == name })
    }
    let pitch = try found(.pitch)
    #expect((pitch.samples.overlapArea ?? 0) > 0.8 && (pitch.halves.overlapArea ?? 0) > 0.8)
    #expect((pitch.training.overlapArea ?? 1) < 0.3)
    #expect((pitch.training.distanceBetween ?? 0) > 1.1 * (pitch.samples.distanceBetween ?? 1))
    for name in [TakeFeatures.Name.pitchClass, .interval, .interOnset] {
      #expect(try found(name).samples == found(name).training, "\(name)")
    }
    #expect(same == SampleComparison.all(other, training: higher, reference: reference))
    #expect(same != SampleComparison.all(other, training: higher, reference: reference, seed: 1))
    #expect(SampleComparison.all([], training: [], reference: []).allSatisfy { $0.samples.overlapArea == nil })
  }

  @Test("halves keep the takes of a piece together") func halves() throws {
    let pieces = [Self.takes(6, pitches: 40...50, seed: 0), Self.takes(6, pitches: 70...80, seed: 9)]
    let comparison = SampleComparison.all([], training: [], reference: pieces)
    let pitch = try #require(comparison.first { $0.feature == .pitch }).halves
    #expect((pitch.distanceBetween ?? 0) > 1.5 * (pitch.distanceWithin ?? 1))
  }

  @Test("training music is weighted by length, not by number of pieces") func training() throws {
    func music(_ count: Int, _ pitches: ClosedRange<Int>, seed: UInt64) throws -> [Token] {
      try stream(randomNotes(count, pitches: pitches, steps: [4, 8, 16], seed: seed))
    }
    let reference = try (0..<4).map { try music(300, 40...60, seed: $0) }
    // One long piece like the reference, and many pieces of one excerpt each that are unlike it.
    let short = try (0..<30).map { try music(60, 90...110, seed: 100 + $0) }
    let judge = try SampleJudge(
      reference: reference, training: [music(5000, 40...60, seed: 9)] + short, length: Seconds(5))
    let takes = try (0..<40).map { try music(40, 40...60, seed: 1000 + $0) }
    let pitch = judge.report(takes).comparison.first { $0.feature == .pitch }
    #expect((pitch?.training.overlapArea ?? 0) > 0.7)
  }

  @Test("a report of samples is complete, reproducible and encodable") func report() throws {
    let pieces = try (UInt64(0)..<8).map {
      try stream(randomNotes(200, pitches: 48...72, steps: [4, 8, 16], seed: $0))
    }
    let judge = SampleJudge(reference: Array(pieces[..<4]), training: Array(pieces[4...]), length: Seconds(5))
    let looping =
      tokens("VELOCITY_CHANGE p,")
      + (0..<12).flatMap { _ in tokens("NOTE_ON 60,TIME_SHIFT 50,NOTE_OFF 60,TIME_SHIFT 20") }
    let samples = [Array(pieces[5].prefix(200)), [], tokens("NOTE_OFF 5,TIME_SHIFT 512"), looping]
    let report = judge.report(samples)
    #expect(report == judge.report(samples))
    #expect(report.samples == 4 && report.silent == 2)
    #expect(report.grammar.repairs == ["orphanNoteOff": 1])
    #expect(report.loopRate?.value == 0.25 && report.loops.keys.elementsEqual([3]))
    #expect(report.longestSilence?.largest == 8)
    #expect(report.memorization.longestSample == 0 && (report.memorization.longest?.notes ?? 0) > 40)
    #expect(report.memorization.longest?.piece == 1)
    let json = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(SampleReport.self, from: json) == report)
    let nothing = SampleJudge(reference: [], training: [], length: Seconds(5)).report([])
    _ = try JSONEncoder().encode(nothing)
    #expect(nothing.loopRate == nil)
  }
}
