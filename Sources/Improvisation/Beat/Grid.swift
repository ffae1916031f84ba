package import MusicCore

/// The note values that onsets are moved to.
package enum Grid: Hashable, Sendable {
  case off
  /// Sixteenths, or eighth-note triplets if those are nearer to what the human plays.
  case auto
  /// This number of units per quarter note.
  case fixed(Int)

  /// The names of note values, and how many of each make a quarter note.
  package static let values = ["4": 1, "8": 2, "8t": 3, "16": 4, "16t": 6, "32": 8]

  /// The number of units per quarter note; nil if nothing is to be moved.
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

/// Quantizes planned events: onsets move toward the nearest grid position, and ends move as far as their onsets.
///
/// No note gets shorter than a step of the token stream, and no pitch is struck again while it sounds.
package struct Quantizer: Sendable {
  package var pulse: Pulse
  package let unitsPerQuarter: Int
  /// How far onsets move toward the grid, 0…1.
  package let strength: Double
  /// The position of the second of each pair of units as a fraction of the pair; 0.5 for triplets, which have no swing.
  private let swing: Double
  /// The earliest onset, and the time by which everything has ended.
  package var earliest: Tick
  package let end: Tick?

  /// How far each sounding note was moved, and its onset after that.
  private var moved: [Pitch: (by: Tick, onset: Tick)] = [:]
  private var ends: [Pitch: Tick] = [:]

  private static let shortest = Tick(rawValue: Int64(SessionTime.ticksPerStep))

  /// - Parameter open: the pitches that already sound; their ends are not moved.
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

  /// The position of a grid index after swing, in units.
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

  /// The grid position that is nearest to a tick.
  package func nearest(to tick: Tick) -> Tick { self.tick(ofPlace: nearestPlace(to: tick)) }

  /// The first grid position at or after a tick.
  private func next(from tick: Tick) -> Tick {
    var index = nearestPlace(to: tick)
    while self.tick(ofPlace: index) < tick { index += 1 }
    return self.tick(ofPlace: index)
  }

  /// The last grid position at or before a tick.
  private func last(until tick: Tick) -> Tick {
    var index = nearestPlace(to: tick)
    while self.tick(ofPlace: index) > tick { index -= 1 }
    return self.tick(ofPlace: index)
  }

  /// The distance of a tick from the grid, in units: 0…0.5, and more in the longer half of a swung pair.
  package func distance(of tick: Tick) -> Double { abs(units(at: tick) - units(ofPlace: nearestPlace(to: tick))) }

  /// The tick that an onset is moved to; nil if there is no room for the note.
  private func place(of tick: Tick, from earliest: Tick) -> Tick? {
    let wanted = Double(tick.rawValue) + strength * Double((nearest(to: tick) - tick).rawValue)
    var place = Tick(rawValue: Int64(wanted.rounded()))
    if place < earliest { place = strength < 1 ? earliest : next(from: earliest) }
    guard let end, place + Self.shortest > end else { return place }
    // The last position before the end.
    place = last(until: end - Self.shortest)
    return place >= earliest && place + Self.shortest <= end ? place : nil
  }

  /// The quantized events, by rising tick.
  ///
  /// - Parameter events: the events that follow those of the previous call, by rising tick.
  package mutating func move(_ events: [PlannedEvent]) -> [PlannedEvent] {
    var result: [PlannedEvent] = []
    /// The index in the result of the end of each pitch's last note.
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
    // Of an end and an onset at one tick, the end stays first.
    return result.enumerated().sorted { a, b in
      a.element.tick != b.element.tick ? a.element.tick < b.element.tick : rank(a) < rank(b)
    }.map(\.element)
  }

  private func rank(_ item: EnumeratedSequence<[PlannedEvent]>.Element) -> (Int, Int) {
    (item.element.level == nil ? 0 : 1, item.offset)
  }
}
