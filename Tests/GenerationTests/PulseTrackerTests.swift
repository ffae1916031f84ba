import Generation
import Glibc
import MusicCore
import MusicTokens
import Testing

/// Time shifts that keep to the pulse of the preceding notes (`SamplingOptions.steadiness`).
@Suite struct PulseTrackerTests {
  /// The state after a note at each of the ticks, which are at most 500 ticks apart.
  private func grammar(at onsets: some Sequence<Int>) throws -> Grammar {
    var grammar = Grammar()
    grammar.apply(try #require(Token(rawValue: 770)))
    for (index, onset) in onsets.enumerated() {
      if onset > grammar.time { grammar.apply(.timeShift(onset - grammar.time)) }
      grammar.apply(try #require(Token(rawValue: UInt16(60 + index % 12))))
    }
    return grammar
  }

  /// The tick of a beat at a constant tempo.
  private func tick(_ beat: Int, _ period: Double) -> Int { Int((Double(beat) * period).rounded()) }

  @Test(arguments: [6.4, 7.5, 8, 8.73, 10.67, 13.1, 15.2]) func aPulseIsFound(period: Double) throws {
    // Sixteenths, eighths and rests.
    let beats = (0..<40).filter { ![3, 5, 6, 7, 11, 13, 19, 22, 23, 29, 33].contains($0) }
    let pulse = try #require(try grammar(at: beats.map { tick($0, period) }).pulses.pulse)
    #expect(abs(Double(pulse.period) - period) < 0.02 * period)
    #expect(abs(pulse.lateness) <= 1)
  }

  /// Each time shift has a random error of up to one tick. Left alone, the errors would add up to a random walk; pulled
  /// onto the pulse, any sixteen notes keep the tempo.
  @Test(arguments: [7.5, 8.73, 11.2, 13.6]) func errorsDoNotAddUp(period: Double) throws {
    var generator = SplitMix64(seed: 3)
    var beats = Array(0..<24)
    var steady = beats.map { tick($0, period) }
    var free = steady
    var grammar = try grammar(at: steady)
    for _ in 0..<300 {
      let step = [1, 1, 2, 4].randomElement(using: &generator) ?? 1
      // So many beats, measured from the last note, with an error.
      let shift = tick(step, period) + Int.random(in: -1...1, using: &generator)
      beats.append(beats[beats.count - 1] + step)
      free.append(free[free.count - 1] + shift)
      grammar.apply(grammar.steady(.timeShift(shift)))
      steady.append(grammar.time)
      grammar.apply(try #require(Token(rawValue: UInt16(60 + beats.count % 12))))
    }
    func error(_ onsets: [Int]) -> Double {
      (0..<onsets.count - 16).map { first in
        let expected = Double(beats[first + 16] - beats[first]) * period
        return abs(Double(onsets[first + 16] - onsets[first]) - expected)
      }.max() ?? 0
    }
    #expect(error(steady) < 2.5)
    #expect(error(free) > 5)
  }

  /// Events between the pulses, such as grace notes or early note-offs, are not moved.
  @Test func onlyEventsNearThePulseMove() throws {
    let grammar = try grammar(at: (0..<24).map { tick($0, 12) })
    let shifts = (4...20).map { grammar.steady(.timeShift($0)) }
    let expected = (4...20).map { (10...14).contains($0) ? 12 : $0 }
    #expect(shifts == expected.map { .timeShift($0) })
    #expect(grammar.steady(.timeShift(1)) == .timeShift(1))
    #expect(grammar.steady(.timeShift(Token.longestShift)) == .timeShift(Token.longestShift))
    let other = try #require(Token(rawValue: 60))
    #expect(grammar.steady(other) == other)
  }

  /// The pulse never moves an event into time that has already passed.
  @Test func realTimeTakesPrecedenceOverThePulse() throws {
    var grammar = try grammar(at: (0..<24).map { tick($0, 12) })
    grammar.earliest = grammar.time + 13
    #expect(grammar.steady(.timeShift(14)) == .timeShift(13))
  }

  @Test func freeTimeHasNoPulse() throws {
    var generator = SplitMix64(seed: 7)
    var time = 0
    let onsets = (0..<60).map { _ in
      time += Int.random(in: 3...40, using: &generator)
      return time
    }
    for count in [1, 2, 3, 5, 8, 10, 20, 40, 60] {
      let grammar = try grammar(at: onsets.prefix(count))
      #expect(grammar.pulses.pulse == nil, "\(count)")
      #expect(grammar.steady(.timeShift(9)) == .timeShift(9))
    }
  }

  /// A new tempo is followed after a few beats.
  @Test func aNewTempoIsFollowed() throws {
    let before = (0..<40).map { tick($0, 8) }
    let after = (1...60).map { 39 * 8 + tick($0, 9.5) }
    let pulse = try #require(try grammar(at: before + after).pulses.pulse)
    #expect(abs(Double(pulse.period) - 9.5) < 0.1)
  }
}
