import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// The expected planes, computed with sets from the whole stream so far.
private struct ReferenceState {
  var tick = 0
  var sounding: Set<Int> = []
  var strikes: [(tick: Int, pitch: Int)] = []
  var levels: [Int] = []

  mutating func read(_ token: Token) {
    switch token.meaning {
    case .noteOn(let pitch):
      sounding.insert(Int(pitch.rawValue))
      strikes.append((tick, Int(pitch.rawValue)))
    case .noteOff(let pitch): sounding.remove(Int(pitch.rawValue))
    case .timeShift(let ticks): tick += ticks
    case .velocityChange(let level): levels.append(Int(level.rawValue))
    }
  }

  func check(_ row: PlaneRow) {
    let moments = Array(Set(strikes.map(\.tick))).sorted()
    let tops = moments.suffix(2).map { moment in strikes.filter { $0.tick == moment }.map(\.pitch).max() ?? 0 }
    #expect(row.tick == tick)
    #expect((0..<128).filter { row.sounding.contains($0) } == sounding.sorted())
    #expect(row.sounding.count == sounding.count)
    let classes = sounding.reduce(UInt16(0)) { $0 | 1 << UInt16($1 % 12) }
    #expect(row.sounding.pitchClasses.bits == classes)
    #expect(row.top.map { Int($0.rawValue) } == sounding.max())
    #expect(row.bass.map { Int($0.rawValue) } == sounding.min())
    #expect(row.onsets.count == Set(strikes.filter { $0.tick == tick }.map(\.pitch)).count)
    #expect(row.ticksSinceOnset == moments.last.map { tick - $0 } ?? 0)
    #expect(row.interOnsetTicks == (moments.count > 1 ? moments[moments.count - 1] - moments[moments.count - 2] : 0))
    #expect(row.topInterval == (tops.count > 1 ? tops[1] - tops[0] : 0))
    #expect(Int(row.level.rawValue) == levels.last ?? 3)
    #expect(row.levelChange == (levels.count > 1 ? levels[levels.count - 1] - levels[levels.count - 2] : 0))
  }
}

@Suite("Planes") struct PlanesTests {
  /// Random tokens, with few pitches and short shifts so that notes coincide.
  private func tokens(seed: UInt64, count: Int) -> [Token] {
    var generator = SeededGenerator(seed: seed)
    let pitches = [0, 11, 60, 63, 64, 65, 76, 127]
    return (0..<count).map { _ in
      let pitch = Pitch(masking: UInt8(pitches.randomElement(using: &generator) ?? 60))
      return switch Int.random(in: 0...9, using: &generator) {
      case 0...3: Token.noteOn(pitch)
      case 4...6: Token.noteOff(pitch)
      case 7...8: Token.timeShift(Int.random(in: 1...5, using: &generator))
      default: Token.velocityChange(DynamicLevel.allCases.randomElement(using: &generator) ?? .mf)
      }
    }
  }

  @Test("match the reference for random tokens", arguments: 1...10)
  func reference(seed: UInt64) {
    var reference = ReferenceState()
    var reader = PlaneReader()
    for token in tokens(seed: seed, count: 120) {
      reference.read(token)
      reference.check(reader.read(token))
    }
  }

  @Test("at a tick are those after its last token", arguments: 1...5)
  func ticks(seed: UInt64) {
    let tokens = tokens(seed: seed, count: 300)
    var last: [Int: PlaneRow] = [:]
    for row in Planes.perToken(tokens) { last[row.tick] = row }
    var ticks: [Int] = []
    Planes.forEachTick(tokens) { row in
      ticks.append(row.tick)
      if let expected = last[row.tick] { #expect(row == expected) } else { #expect(row.onsets.isEmpty) }
    }
    #expect(ticks == Array(0...(last.keys.max() ?? 0)))
  }

  @Test("are equal after one long shift and many short ones") func shifts() {
    let start = Token.noteOn(Pitch(masking: 60))
    let long = Planes.perToken([start, .timeShift(500)])
    let short = Planes.perToken([start] + [Token](repeating: .timeShift(1), count: 500))
    #expect(long.last == short.last)
  }

  @Test("give the position in the beat") func beats() throws {
    let grid = MetricalGrid(
      source: .estimated, reason: "", beatsSeconds: [0, 1, 1.5].map { Seconds($0) }, downbeats: [0],
      meters: [.init(startSeconds: Seconds(0), meter: Meter(numerator: 3, denominator: 4))])
    let tokens = [Token](repeating: .timeShift(16), count: 6)
    #expect(Planes.perToken(tokens, beats: .grid(grid)).map(\.beatPosition) == [0.25, 0.5, 0.75, 0, 0.5, 0])
    #expect(Planes.perToken(tokens).map(\.beatPosition) == [0.5, 0, 0.5, 0, 0.5, 0])
  }

  @Test(
    "have the interval vectors of Forte's list",
    arguments: [
      ([0, 4, 7], [0, 0, 1, 1, 1, 0]), ([0, 3, 6, 9], [0, 0, 4, 0, 0, 2]), ([0, 1, 2], [2, 1, 0, 0, 0, 0]),
      ([0, 2, 4, 5, 7, 9, 11], [2, 5, 4, 3, 6, 1]), (Array(0..<12), [12, 12, 12, 12, 12, 6]),
      ([5], [0, 0, 0, 0, 0, 0]),
    ])
  func intervalVector(classes: [Int], expected: [Int]) {
    for transposition in 0..<12 {
      let set = classes.reduce(UInt16(0)) { $0 | 1 << UInt16(($1 + transposition) % 12) }
      #expect((1...6).map { IntervalVector(PitchClassSet(bits: set))[$0] } == expected)
    }
  }

  @Test("rate a fifth more consonant than a third and a semitone more dissonant than a tritone") func dissonance() {
    let order = [[0, 7], [0, 4], [0, 6], [0, 1]].map { classes in
      IntervalVector(PitchClassSet(classes.map(PitchClass.init(semitones:)))).dissonance
    }
    #expect(order == order.sorted())
    #expect(IntervalVector(PitchClassSet()).dissonance == 0)
  }

  @Test("have finite, small and named values") func numbers() {
    for row in Planes.perToken(tokens(seed: 1, count: 500)) {
      var values: [Float] = []
      row.append(to: &values)
      #expect(values.count == PlaneRow.names.count)
      #expect(values.allSatisfy { abs($0) <= 2 })
    }
    #expect(Set(PlaneRow.names).count == PlaneRow.names.count)
  }
}
