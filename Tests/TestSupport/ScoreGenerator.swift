public import MusicCore

/// Generates scores that are hard to encode: tempo changes, pedals, panic buttons, resets, overlaps, chords, drums,
/// several tracks, ports and resolutions, and events of one instant in any order.
public struct ScoreGenerator {
  private var generator: SeededGenerator
  private let division: Division
  /// The grid of event times in ticks: coarse, so that many events coincide, or fine.
  private let grid: Int64
  private let length: Int64
  /// Whether simultaneous events come in several turns.
  private var hasTurns = false

  /// The `seed`-th score; `hours` makes it long and sparse.
  public static func score(seed: UInt64, hours: Int = 0) -> Score {
    var generator = ScoreGenerator(seed: seed, hours: hours)
    return generator.score()
  }

  private init(seed: UInt64, hours: Int) {
    generator = SeededGenerator(seed: seed)
    let divisions: [Division] = [
      .metrical(ticksPerQuarter: 1), .metrical(ticksPerQuarter: 24), .metrical(ticksPerQuarter: 96),
      .metrical(ticksPerQuarter: 480), .metrical(ticksPerQuarter: 32767), .timecode(.fps29_97, ticksPerFrame: 80),
      .timecode(.fps25, ticksPerFrame: 40),
    ]
    division = divisions.randomElement(using: &generator) ?? .metrical(ticksPerQuarter: 480)
    let perSecond: Int64 =
      switch division {
      case .metrical(let ticks): Int64(2 * ticks)
      case .timecode(let rate, let ticks): Int64(rate.rawValue * ticks)
      }
    grid = generator.oneIn(2) ? max(1, perSecond / 8) : 1
    length = perSecond * (hours > 0 ? Int64(hours) * 3600 : Int64.random(in: 1...30, using: &generator))
  }

  private mutating func tick() -> Tick { Tick(rawValue: Int64.random(in: 0...length / grid, using: &generator) * grid) }

  private mutating func score() -> Score {
    let changes = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
      TempoChange(tick: tick(), microsecondsPerQuarter: Int.random(in: 200_000...1_500_000, using: &generator))
    }
    let tracks = (0..<Int.random(in: 1...4, using: &generator)).map { _ in track() }
    return Score(tempoMap: TempoMap(division: division, changes: changes), tracks: tracks)
  }

  private mutating func track() -> Track {
    let channels = [0, 0, 1, 9].map { Channel(status: $0) }
    let pitches = generator.oneIn(2) ? 60...64 : 0...127
    let port: UInt8 = generator.oneIn(5) ? 1 : 0
    hasTurns = generator.oneIn(2)
    var notes: [Note] = []
    for _ in 0..<Int.random(in: 0...120, using: &generator) {
      let onset = tick()
      let lengths: [Int64] = [0, 1, grid, grid * 2, grid * 9]
      let end = onset + Tick(rawValue: lengths.randomElement(using: &generator) ?? 1)
      notes.append(
        Note(
          onset: onset, end: end, pitch: Pitch(masking: UInt8(Int.random(in: pitches, using: &generator))),
          velocity: Velocity(masking: UInt8.random(in: 1...127, using: &generator)),
          channel: channels.randomElement(using: &generator) ?? Channel(status: 0), port: port,
          onsetTurn: turn(), endTurn: turn()))
    }
    notes.sort { $0.onset < $1.onset }
    let controls = generator.oneIn(3) ? [] : controls(channels: channels, port: port)
    let end = max(notes.map(\.end).max() ?? .zero, controls.last?.tick ?? .zero)
    return Track(notes: notes, controls: controls, systemExclusives: resets(), end: end)
  }

  private mutating func turn() -> UInt8 { hasTurns ? UInt8.random(in: 0...2, using: &generator) : 0 }

  private mutating func resets() -> [SystemExclusive] {
    guard generator.oneIn(4) else { return [] }
    let messages: [[UInt8]] = [
      [0x7E, 0x7F, 9, 1], [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41], [0x7E, 0x7F, 9, 3], [0x7D, 1, 2],
    ]
    return [SystemExclusive(tick: tick(), bytes: messages.randomElement(using: &generator) ?? [], turn: turn())]
  }

  private mutating func controls(channels: [Channel], port: UInt8) -> [ControlEvent] {
    (0..<Int.random(in: 0...40, using: &generator))
      .map { _ in
        let pedal: Controller = generator.oneIn(3) ? .sostenuto : .sustain
        let other = Controller(masking: [120, 121, 123, 126].randomElement(using: &generator) ?? 1)
        return ControlEvent(
          tick: tick(), channel: channels.randomElement(using: &generator) ?? Channel(status: 0),
          message: .controller(
            generator.oneIn(10) ? other : pedal, UInt8.random(in: 0...127, using: &generator)),
          port: port, turn: turn())
      }
      .sorted { ($0.tick, $0.turn) < ($1.tick, $1.turn) }
  }
}
