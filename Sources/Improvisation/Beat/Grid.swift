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
  /// Before which nothing starts, and until when all has ended.
  package var earliest: Tick
  package let end: Tick?

  /// How far each sounding note was moved, and where it starts now.
  private var moved: [Pitch: (by: Tick, onset: Tick)] = [:]
  private var ends: [Pitch: Tick] = [:]

  private static let shortest = Tick(rawValue: Int64(SessionTime.ticksPerStep))

  package init(_ pulse: Pulse, unitsPerQuarter: Int, strength: Double, earliest: Tick, end: Tick? = nil) {
    (self.pulse, self.unitsPerQuarter, self.strength) = (pulse, unitsPerQuarter, strength)
    (self.earliest, self.end) = (earliest, end)
  }

  private var unit: Double { 1 / Double(unitsPerQuarter) }

  /// The place on the grid that is nearest to a tick.
  package func nearest(to tick: Tick) -> Tick {
    pulse.tick(ofQuarter: (pulse.quarters(at: tick) / unit).rounded() * unit)
  }

  /// How far a tick is from the grid, in units, 0…0.5.
  package func distance(of tick: Tick) -> Double {
    let units = pulse.quarters(at: tick) / unit
    return abs(units - units.rounded())
  }

  /// Where a start is moved to; nil where there is no room for it.
  private func place(of tick: Tick, from earliest: Tick) -> Tick? {
    let wanted = Double(tick.rawValue) + strength * Double((nearest(to: tick) - tick).rawValue)
    var place = Tick(rawValue: Int64(wanted.rounded()))
    if place < earliest { place = strength < 1 ? earliest : pulse.next(unit, from: earliest) }
    guard let end, place + Self.shortest > end else { return place }
    // The last place before the end.
    place = pulse.tick(ofQuarter: (pulse.quarters(at: end - Self.shortest) / unit).rounded(.down) * unit)
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
          guard let later = place(of: pulse.next(unit, from: last), from: max(earliest, last)) else { continue }
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
