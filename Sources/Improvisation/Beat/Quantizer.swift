package import MusicCore

/// Quantizes planned events: onsets move toward the nearest grid position, and ends move as far as their onsets.
///
/// Chords stay together, and what was played one after the other does not become one: the onset nearest to a position
/// takes it, and the others move to a grid twice or four times as fine. Where that is taken too, the note is left out.
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
  /// The last strike that has a place.
  private var latest: Strike?

  /// Notes that are played together.
  private struct Strike {
    /// The first of them, before quantization.
    var onset: Tick
    /// The position on the grid that they move toward, in units without swing; nil while there is none.
    var place: Double?
  }

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

  // MARK: The grid

  private var unit: Double { 1 / Double(unitsPerQuarter) }

  /// The position of a place after swing, in units.
  private func units(ofPlace place: Double) -> Double {
    func swung(_ index: Double) -> Double {
      index.truncatingRemainder(dividingBy: 2) == 0 ? index : index - 1 + 2 * swing
    }
    let index = place.rounded(.down)
    return swung(index) + (place - index) * (swung(index + 1) - swung(index))
  }

  private func tick(ofPlace place: Double) -> Tick { pulse.tick(ofQuarter: units(ofPlace: place) * unit) }

  private func units(at tick: Tick) -> Double { pulse.quarters(at: tick) / unit }

  /// The distance of a tick from a place, in units.
  private func distance(of tick: Tick, fromPlace place: Double) -> Double {
    abs(units(at: tick) - units(ofPlace: place))
  }

  /// The nearest place on the grid, or on one that divides each unit into parts.
  private func nearestPlace(to tick: Tick, parts: Int = 1) -> Double {
    let middle = (units(at: tick) * Double(parts)).rounded()
    // Swing moves places by less than a unit.
    let places = (-parts...parts).lazy.map { (middle + Double($0)) / Double(parts) }
    return places.min { distance(of: tick, fromPlace: $0) < distance(of: tick, fromPlace: $1) } ?? middle
  }

  /// The grid position that is nearest to a tick.
  package func nearest(to tick: Tick) -> Tick { self.tick(ofPlace: nearestPlace(to: tick)) }

  /// The first place at or after a tick.
  private func nextPlace(from tick: Tick, parts: Int = 1) -> Double {
    var place = nearestPlace(to: tick, parts: parts)
    while self.tick(ofPlace: place) < tick { place += 1 / Double(parts) }
    return place
  }

  /// The last place at or before a tick.
  private func lastPlace(until tick: Tick, parts: Int) -> Double {
    var place = nearestPlace(to: tick, parts: parts)
    while self.tick(ofPlace: place) > tick { place -= 1 / Double(parts) }
    return place
  }

  /// The distance of a tick from the grid, in units: 0…0.5, and more in the longer half of a swung pair.
  package func distance(of tick: Tick) -> Double { distance(of: tick, fromPlace: nearestPlace(to: tick)) }

  // MARK: Onsets

  /// Whether a note that starts at a tick has time to sound.
  private func hasRoom(at tick: Tick) -> Bool { end.map { tick + Self.shortest <= $0 } ?? true }

  /// The place that is nearest to an onset and within the time of the music; nil if there is none.
  private func place(of onset: Tick, parts: Int) -> Double? {
    var place = nearestPlace(to: onset, parts: parts)
    // Onsets that move only part of the way can do so from the earliest on.
    if strength == 1, tick(ofPlace: place) < earliest { place = nextPlace(from: earliest, parts: parts) }
    guard let end, !hasRoom(at: tick(ofPlace: place)) else { return place }
    place = lastPlace(until: end - Self.shortest, parts: parts)
    return tick(ofPlace: place) >= earliest ? place : nil
  }

  /// The places that onsets move toward: those of later strikes are later. Onsets for which there is none are left out.
  ///
  /// - Parameter onsets: by rising tick.
  private mutating func places(of onsets: [Tick]) -> [Tick: Double] {
    var strikes = latest.map { [$0] } ?? []
    var indices: [Tick: Int] = [:]
    for onset in onsets {
      let isTogether = strikes.last.map { onset - $0.onset < Melody.chord } ?? false
      if !isTogether { strikes.append(Strike(onset: onset)) }
      indices[onset] = strikes.count - 1
    }
    let first = latest?.place ?? -.infinity
    for parts in [1, 2, 4] {
      var wishes: [(index: Int, place: Double, distance: Double)] = []
      for (index, strike) in strikes.enumerated() where strike.place == nil {
        guard var place = place(of: strike.onset, parts: parts) else { continue }
        // The end of the previous events may have taken a place that is nearer to the first of these.
        if parts == 4 { place = max(place, first + 0.25) }
        guard place > first, hasRoom(at: tick(ofPlace: place)) else { continue }
        wishes.append((index, place, distance(of: strike.onset, fromPlace: place)))
      }
      for wish in wishes.sorted(by: { ($0.distance, $0.index) < ($1.distance, $1.index) })
      where !strikes.contains(where: { $0.place == wish.place }) {
        strikes[wish.index].place = wish.place
      }
    }
    latest = strikes.last { $0.place != nil }
    return indices.compactMapValues { strikes[$0].place }
  }

  /// The tick that an onset is moved to; nil if there is no room for the note.
  private func tick(of onset: Tick, movedToPlace place: Double) -> Tick? {
    let target = tick(ofPlace: place)
    let wanted = Double(onset.rawValue) + strength * Double((target - onset).rawValue)
    let moved = max(Tick(rawValue: Int64(wanted.rounded())), earliest)
    if hasRoom(at: moved) { return moved }
    return target >= earliest ? target : nil
  }

  // MARK: Notes

  /// The quantized events, by rising tick.
  ///
  /// - Parameter events: the events that follow those of the previous call, by rising tick.
  package mutating func move(_ events: [PlannedEvent]) -> [PlannedEvent] {
    let places = places(of: events.filter { $0.level != nil }.map(\.tick))
    var result: [PlannedEvent] = []
    /// The index in the result of the end of each pitch's last note, and the start of that.
    var endIndices: [Pitch: Int] = [:]
    var starts: [Pitch: Tick] = [:]
    for var event in events {
      let pitch = event.pitch
      if event.level == nil {
        guard let note = moved.removeValue(forKey: pitch) else { continue }
        let tick = max(event.tick + note.by, note.onset + Self.shortest)
        event.tick = end.map { max(min(tick, $0), note.onset + Self.shortest) } ?? tick
        (ends[pitch], endIndices[pitch], starts[pitch]) = (event.tick, result.count, note.onset)
        result.append(event)
        continue
      }
      guard moved[pitch] == nil, let place = places[event.tick], var tick = tick(of: event.tick, movedToPlace: place)
      else { continue }
      if let last = ends[pitch], last > tick {
        if let index = endIndices[pitch], let start = starts[pitch], start + Self.shortest <= tick {
          result[index].tick = tick
        } else {
          let later = self.tick(ofPlace: nextPlace(from: last))
          guard hasRoom(at: later) else { continue }
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
