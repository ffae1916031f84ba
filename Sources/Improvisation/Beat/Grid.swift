package import MusicCore

/// The note values that onsets are moved to.
package enum Grid: Hashable, Sendable {
  case off
  /// Sixteenths, or triplets of eighths where those are nearer to what the human plays.
  case auto
  /// So many to a quarter note.
  case fixed(Int)

  /// The names of note values, and how many of each make a quarter note.
  package static let values = ["4": 1, "8": 2, "8t": 3, "16": 4, "16t": 6, "32": 8]

  /// How many units a quarter note has; nil where nothing is moved.
  func unitsPerQuarter(of call: Call, _ pulse: Pulse) -> Int? {
    switch self {
    case .off: return nil
    case .fixed(let units): return units
    case .auto:
      let onsets = call.strikes.map { pulse.quarters(at: $0.tick) }
      guard !onsets.isEmpty else { return 4 }
      func distance(_ units: Double) -> Double {
        onsets.reduce(0) { $0 + abs($1 * units - ($1 * units).rounded()) } / Double(onsets.count)
      }
      return distance(3) < 0.8 * distance(4) ? 3 : 4
    }
  }
}

/// Moves what is planned to a grid: starts towards the nearest place on it, and ends as far as their starts.
///
/// No note gets shorter than a step of the token stream, and none is struck while it sounds.
package struct Quantizer: Sendable {
  package var pulse: Pulse
  package let unitsPerQuarter: Int
  /// 0…1: how far towards the grid.
  package let strength: Double
  /// Where the second of two places is, as a part of both; triplets have none.
  private let swing: Double
  /// Before which nothing starts, and until when all has ended.
  package var earliest: Tick
  package let end: Tick?

  /// How far each sounding note was moved, and where it starts now.
  private var moved: [Pitch: (by: Tick, onset: Tick)] = [:]
  private var ends: [Pitch: Tick] = [:]

  private static let shortest = Tick(rawValue: Int64(SessionTime.ticksPerStep))

  /// - Parameter open: the pitches that sound already; their ends are not moved.
  package init(
    _ pulse: Pulse, unitsPerQuarter: Int, strength: Double, swing: Double = 0.5, earliest: Tick, end: Tick? = nil,
    open: Set<Pitch> = []
  ) {
    (self.pulse, self.unitsPerQuarter, self.strength) = (pulse, unitsPerQuarter, strength)
    self.swing = unitsPerQuarter.isMultiple(of: 3) ? 0.5 : swing
    (self.earliest, self.end) = (earliest, end)
    for pitch in open { moved[pitch] = (.zero, .zero) }
  }

  private var unit: Double { 1 / Double(unitsPerQuarter) }

  /// Where a place of the grid is, in units.
  private func units(ofPlace index: Int) -> Double {
    index.isMultiple(of: 2) ? Double(index) : Double(index - 1) + 2 * swing
  }

  private func tick(ofPlace index: Int) -> Tick { pulse.tick(ofQuarter: units(ofPlace: index) * unit) }

  private func units(at tick: Tick) -> Double { pulse.quarters(at: tick) / unit }

  private func nearestPlace(to tick: Tick) -> Int {
    let units = units(at: tick)
    let index = Int(units.rounded())
    return (index - 1...index + 1).min { abs(self.units(ofPlace: $0) - units) < abs(self.units(ofPlace: $1) - units) }
      ?? index
  }

  /// The place on the grid that is nearest to a tick.
  package func nearest(to tick: Tick) -> Tick { self.tick(ofPlace: nearestPlace(to: tick)) }

  /// The first place from a tick on.
  private func next(from tick: Tick) -> Tick {
    var index = nearestPlace(to: tick)
    while self.tick(ofPlace: index) < tick { index += 1 }
    return self.tick(ofPlace: index)
  }

  /// The last place up to a tick.
  private func last(until tick: Tick) -> Tick {
    var index = nearestPlace(to: tick)
    while self.tick(ofPlace: index) > tick { index -= 1 }
    return self.tick(ofPlace: index)
  }

  /// How far a tick is from the grid, in units: 0…0.5, and farther in the longer half of a swing.
  package func distance(of tick: Tick) -> Double { abs(units(at: tick) - units(ofPlace: nearestPlace(to: tick))) }

  /// Where a start is moved to; nil where there is no room for it.
  private func place(of tick: Tick, from earliest: Tick) -> Tick? {
    let wanted = Double(tick.rawValue) + strength * Double((nearest(to: tick) - tick).rawValue)
    var place = Tick(rawValue: Int64(wanted.rounded()))
    if place < earliest { place = strength < 1 ? earliest : next(from: earliest) }
    guard let end, place + Self.shortest > end else { return place }
    // The last place before the end.
    place = last(until: end - Self.shortest)
    return place >= earliest && place + Self.shortest <= end ? place : nil
  }

  /// Events as they are to be played, by rising tick.
  ///
  /// - Parameter events: what follows those of the last call, by rising tick.
  package mutating func move(_ events: [PlannedEvent]) -> [PlannedEvent] {
    var result: [PlannedEvent] = []
    /// Where the end of a pitch's last note is in the result.
    var latest: [Pitch: Int] = [:]
    var starts: [Pitch: Tick] = [:]
    for var event in events {
      let pitch = event.pitch
      if event.level == nil {
        guard let note = moved.removeValue(forKey: pitch) else { continue }
        let tick = max(event.tick + note.by, note.onset + Self.shortest)
        event.tick = end.map { max(min(tick, $0), note.onset + Self.shortest) } ?? tick
        (ends[pitch], latest[pitch], starts[pitch]) = (event.tick, result.count, note.onset)
        result.append(event)
        continue
      }
      guard moved[pitch] == nil, var tick = place(of: event.tick, from: earliest) else { continue }
      if let last = ends[pitch], last > tick {
        if let index = latest[pitch], let start = starts[pitch], start + Self.shortest <= tick {
          result[index].tick = tick
        } else {
          guard let later = place(of: next(from: last), from: max(earliest, last)) else { continue }
          tick = later
        }
      }
      moved[pitch] = (tick - event.tick, tick)
      event.tick = tick
      result.append(event)
    }
    // Where an end and a start are at one tick, the end is first, as it was.
    return result.enumerated().sorted { a, b in
      a.element.tick != b.element.tick ? a.element.tick < b.element.tick : rank(a) < rank(b)
    }.map(\.element)
  }

  private func rank(_ item: EnumeratedSequence<[PlannedEvent]>.Element) -> (Int, Int) {
    (item.element.level == nil ? 0 : 1, item.offset)
  }
}
