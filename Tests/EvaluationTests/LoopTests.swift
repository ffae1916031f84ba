import Evaluation
import MusicAnalysis
import MusicCore
import TestSupport
import Testing

@Suite("Loops and silence") struct LoopTests {
  /// A bar of notes of 32 ticks that begins with a chord.
  private static let bar = [note(0, 48), note(0, 60), note(32, 64), note(64, 67), note(96, 64)]

  /// Notes repeated `times` times, with each onset rounded to a tick.
  private static func repeated(_ notes: [PlayedNote], every ticks: Double, times: Int, from start: Int = 0)
    -> [PlayedNote]
  {
    (0..<times).flatMap { time in
      notes.map {
        note(start + Int(($0.onset.rawValue * 64 + Double(time) * ticks).rounded()), Int($0.pitch.rawValue))
      }
    }
  }

  @Test("nine statements are a loop, eight are not") func statements() throws {
    let loop = try #require(Loop.longest(in: Self.repeated(Self.bar, every: 128, times: 9)))
    #expect(loop.notes == 5 && loop.statements == 9 && loop.period == Seconds(2) && loop.start == .zero)
    #expect(loop.duration == Seconds(18))
    #expect(Loop.longest(in: Self.repeated(Self.bar, every: 128, times: 8)) == nil)
  }

  @Test("a loop is found inside other music, and rounding does not hide it") func inside() throws {
    let intro = randomNotes(30, pitches: 30...50, steps: [5, 9, 17], seed: 1)
    let start = 1000
    let loop = Self.repeated(Self.bar, every: 101.4, times: 12, from: start)
    let outro = randomNotes(30, pitches: 70...90, steps: [5, 9, 17], seed: 2).map {
      note(Int($0.onset.rawValue * 64) + 3000, Int($0.pitch.rawValue))
    }
    let found = try #require(Loop.longest(in: take(intro + loop + outro).notes))
    #expect(found.notes == 5 && found.statements >= 11)
    #expect(abs(found.period.rawValue - 101.4 / 64) <= 1.0 / 64)
    #expect(abs(found.start.rawValue - Double(start) / 64) < 2)
  }

  @Test("a loop that drifts is as long as its longest stretch within two ticks") func drifting() throws {
    let periods = [30, 30, 30, 32, 32, 32, 32, 33, 33, 33, 33, 33]
    let onsets = periods.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
    let loop = try #require(Loop.longest(in: onsets.map { note($0, 60) }))
    #expect(loop.statements == 10 && loop.start == Seconds(90.0 / 64))
  }

  @Test("ornaments, long periods, changing melodies and wandering tempos are not loops") func others() {
    let trill = Self.repeated([note(0, 60), note(4, 62)], every: 8, times: 20)
    #expect(Loop.longest(in: trill) == nil)
    var limits = Loop.Limits()
    limits.shortest = Seconds(2)
    #expect(Loop.longest(in: trill, limits: limits)?.notes == 2)
    #expect(Loop.longest(in: Self.repeated(Self.bar, every: 300, times: 12)) == nil)
    let melody = randomNotes(60, pitches: 72...90, steps: [24, 40], seed: 4)
    #expect(Loop.longest(in: take(Self.repeated(Self.bar, every: 128, times: 12) + melody).notes) == nil)
    let wandering = (0..<12).flatMap { time in
      Self.bar.map { note(Int($0.onset.rawValue * 64) + 128 * time + 3 * time * time, Int($0.pitch.rawValue)) }
    }
    #expect(Loop.longest(in: wandering) == nil)
    #expect(Loop.longest(in: []) == nil)
    #expect(Loop.longest(in: [note(0, 60)]) == nil)
  }

  @Test("silence is the time in which no note sounds") func silence() {
    let music = Take(
      notes: [note(32, 60, length: 64), note(40, 62, length: 8), note(160, 60, length: 32)], duration: Seconds(4))
    // Silence of 32 ticks before the notes, 64 between them and 64 after them.
    #expect(Silence(music).longest == Seconds(1))
    #expect(Silence(music).share == 160.0 / 256)
    #expect(Silence(Take(notes: [], duration: Seconds(3))).longest == Seconds(3))
    #expect(Silence(Take(notes: [], duration: .zero)).share == 1)
  }
}
