import MusicCore
import TestSupport
import Testing

@Suite struct TempoMapTests {
  /// A random map of up to 50 changes, some at the same tick or out of order.
  static func map(using random: inout some RandomNumberGenerator) -> TempoMap {
    let longest: Int64 = [100, 100_000, 1 << 40].randomElement(using: &random) ?? 100
    let changes = (0..<Int.random(in: 0...50, using: &random)).map { _ in
      TempoChange(
        tick: Tick(rawValue: .random(in: 0...longest, using: &random)),
        microsecondsPerQuarter: .random(in: 1...0xFF_FFFF, using: &random))
    }
    let ticksPerQuarter = [1, 96, 480, 32767].randomElement(using: &random) ?? 480
    return TempoMap(division: .metrical(ticksPerQuarter: ticksPerQuarter), changes: changes)
  }

  static func ticks(_ map: TempoMap, using random: inout some RandomNumberGenerator) -> [Tick] {
    let edges = map.changes.flatMap { [$0.tick.rawValue - 1, $0.tick.rawValue, $0.tick.rawValue + 1] }
    let others = (0..<50).map { _ in Int64.random(in: 0...1 << Int64.random(in: 1...50, using: &random), using: &random)
    }
    return (edges + others + [0]).filter { $0 >= 0 }.map { Tick(rawValue: $0) }
  }

  /// The exact time of a tick in seconds as a fraction, summed over the tempo changes.
  static func fraction(of tick: Tick, in map: TempoMap, ticksPerQuarter: Int) -> (
    numerator: Int128, denominator: Int128
  ) {
    var microseconds: Int128 = 0
    var (last, tempo): (Int64, Int128) = (0, 500_000)
    for change in map.changes where change.tick <= tick {
      microseconds += Int128(change.tick.rawValue - last) * tempo
      (last, tempo) = (change.tick.rawValue, Int128(change.microsecondsPerQuarter))
    }
    return (microseconds + Int128(tick.rawValue - last) * tempo, 1_000_000 * Int128(ticksPerQuarter))
  }

  @Test(arguments: 0..<100) func timesAreExact(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let map = Self.map(using: &random)
    guard case .metrical(let ticksPerQuarter) = map.division else { return }
    for tick in Self.ticks(map, using: &random) {
      let time = Self.fraction(of: tick, in: map, ticksPerQuarter: ticksPerQuarter)
      #expect(map.seconds(at: tick).rawValue == Double(time.numerator) / Double(time.denominator))
      for rate in [1, 64, 48_000] {
        // Rounded to the nearest step, ties up.
        let step = (time.numerator * Int128(2 * rate) + time.denominator) / (2 * time.denominator)
        #expect(map.step(at: tick, rate: rate) == Int(clamping: step))
      }
    }
  }

  @Test(arguments: 0..<100) func cursorsAgree(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let map = Self.map(using: &random)
    for rate in [64, 48_000] {
      let ticks = Self.ticks(map, using: &random)
      var cursor = TempoMap.Cursor(map, rate: rate)
      for tick in ticks.sorted() + ticks { #expect(cursor.step(at: tick) == map.step(at: tick, rate: rate)) }
    }
  }

  @Test(arguments: [Division.FrameRate.fps24, .fps25, .fps29_97, .fps30])
  func cursorsAgreeOnTimecode(rate: Division.FrameRate) {
    let map = TempoMap(division: .timecode(rate, ticksPerFrame: 40))
    var cursor = TempoMap.Cursor(map, rate: 64)
    for tick in stride(from: Int64(0), to: 1 << 40, by: 1 << 33) {
      #expect(cursor.step(at: Tick(rawValue: tick + 7)) == map.step(at: Tick(rawValue: tick + 7), rate: 64))
    }
  }

  @Test(arguments: 0..<100) func nearestTickIsTheInverse(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let map = Self.map(using: &random)
    for tick in Self.ticks(map, using: &random) where map.seconds(at: tick) < Seconds(100_000) {
      let found = map.tick(nearest: map.seconds(at: tick))
      // Very short ticks may be closer together than neighboring floating-point numbers.
      #expect(abs((map.seconds(at: found) - map.seconds(at: tick)).rawValue) <= map.seconds(at: tick).rawValue.ulp)
      if map.seconds(at: tick + 1).rawValue - map.seconds(at: tick).rawValue > 1e-9 { #expect(found == tick) }
    }
  }

  @Test func nearestTickRounds() {
    let map = TempoMap(division: .metrical(ticksPerQuarter: 500))
    for (seconds, tick) in [(0.0004, 0), (0.0006, 1), (0.0014, 1), (1, 1000), (-0.0014, -1)] as [(Double, Tick)] {
      #expect(map.tick(nearest: Seconds(seconds)) == tick)
    }
  }

  @Test(arguments: [1e30, -1e30, .infinity, -.infinity, .nan] as [Double]) func timesBeyondAllTicks(_ time: Double) {
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 500),
      changes: [TempoChange(tick: 0x100_0000_0000, microsecondsPerQuarter: 1)])
    _ = map.tick(nearest: Seconds(time))
  }

  @Test func theLastOfSeveralChangesAtOneTickCounts() {
    let map = TempoMap(
      division: .metrical(ticksPerQuarter: 1),
      changes: [(4, 1_000_000), (0, 100_000), (4, 2_000_000), (0, 1_000_000)].map {
        TempoChange(tick: $0.0, microsecondsPerQuarter: $0.1)
      })
    #expect(map.changes.map(\.tick) == [0, 4])
    #expect(map.changes.map(\.microsecondsPerQuarter) == [1_000_000, 2_000_000])
    #expect(map.seconds(at: 6) == Seconds(8))
    #expect(map.microsecondsPerQuarter(at: 3) == 1_000_000)
    #expect(map.microsecondsPerQuarter(at: 4) == 2_000_000)
    #expect(TempoMap(division: .metrical(ticksPerQuarter: 1)).microsecondsPerQuarter(at: 9) == 500_000)
  }

  /// 107,892 frames of 29.97 fps drop-frame timecode are 3.6 ms less than an hour.
  @Test func dropFrameHour() {
    let map = TempoMap(division: .timecode(.fps29_97, ticksPerFrame: 80))
    #expect(map.seconds(at: Tick(rawValue: 107_892 * 80)) == Seconds(107_892 * 1001 / 30_000))
  }
}
