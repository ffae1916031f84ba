/// A tempo that applies from a tick on.
public struct TempoChange: Hashable, Sendable {
  /// When the tempo begins to apply.
  public var tick: Tick
  /// The length of a quarter note, 1…16 777 215 µs.
  public var microsecondsPerQuarter: Int

  /// Creates a tempo change.
  public init(tick: Tick, microsecondsPerQuarter: Int) {
    self.tick = tick
    self.microsecondsPerQuarter = microsecondsPerQuarter
  }

  /// Quarter notes per minute.
  public var beatsPerMinute: Double { 60_000_000 / Double(microsecondsPerQuarter) }
}

/// The relation of a score's ticks to wall-clock time, exact.
///
/// Elapsed time is an integer count of a unit that divides every tick, so that the same music has the same times at any
/// resolution and no error accumulates over a long piece.
public struct TempoMap: Sendable, Hashable {
  /// The unit of ticks.
  public let division: Division
  /// The tempo changes by rising tick, at most one per tick. Without any the tempo is 120 quarter notes per minute.
  public let changes: [TempoChange]

  private let segments: [Segment]
  private let unitsPerSecond: Int64

  /// A stretch of constant tempo.
  private struct Segment: Hashable {
    var start: Int64
    var startUnits: Int128
    var unitsPerTick: Int64

    func units(at tick: Int64) -> Int128 { startUnits + Int128(tick - start) * Int128(unitsPerTick) }
  }

  /// Creates a map from changes in any order; of several at one tick the last one in `changes` counts.
  ///
  /// With a timecode division, tempo does not affect time (Standard MIDI Files 1.0), and the changes are only stored.
  public init(division: Division, changes: [TempoChange] = []) {
    self.division = division
    self.changes = Self.merged(changes)
    switch division {
    case .metrical(let ticksPerQuarter):
      precondition(ticksPerQuarter > 0, "a quarter note must have at least one tick")
      unitsPerSecond = 1_000_000 * Int64(ticksPerQuarter)
      var segments = [Segment(start: 0, startUnits: 0, unitsPerTick: 500_000)]
      segments.reserveCapacity(self.changes.count + 1)
      for change in self.changes {
        let tick = max(0, change.tick.rawValue)
        let last = segments[segments.count - 1]
        let next = Segment(
          start: tick, startUnits: last.units(at: tick), unitsPerTick: Int64(change.microsecondsPerQuarter))
        if last.start == tick { segments.removeLast() }
        segments.append(next)
      }
      self.segments = segments
    case .timecode(let rate, let ticksPerFrame):
      precondition(ticksPerFrame > 0, "a frame must have at least one tick")
      let (perSecond, perTick): (Int64, Int64) =
        rate == .fps29_97 ? (30_000, 1001) : (Int64(rate.rawValue), 1)
      unitsPerSecond = perSecond * Int64(ticksPerFrame)
      segments = [Segment(start: 0, startUnits: 0, unitsPerTick: perTick)]
    }
  }

  private static func merged(_ changes: [TempoChange]) -> [TempoChange] {
    // Most files have them in order already.
    if zip(changes, changes.dropFirst()).allSatisfy({ $0.tick < $1.tick }) { return changes }
    var sorted = changes
    // Stable, because the standard library's sort is, and linear on the sorted lists that files have.
    if zip(changes, changes.dropFirst()).contains(where: { $0.tick > $1.tick }) {
      sorted.sort { $0.tick < $1.tick }
    }
    var merged: [TempoChange] = []
    for change in sorted {
      if merged.last?.tick == change.tick { merged.removeLast() }
      merged.append(change)
    }
    return merged
  }

  /// The tempo at a tick. O(log n) in the number of changes.
  public func microsecondsPerQuarter(at tick: Tick) -> Int {
    let next = changes.partitioningIndex { $0.tick > tick }
    return next == 0 ? 500_000 : changes[next - 1].microsecondsPerQuarter
  }

  /// The wall-clock time of a tick. O(log n) in the number of changes.
  public func seconds(at tick: Tick) -> Seconds {
    let units = segments[segmentIndex(at: tick)].units(at: tick.rawValue)
    // Converting a 128-bit integer is slow, and rarely needed.
    let value = Int64(exactly: units).map(Double.init) ?? Double(units)
    return Seconds(value / Double(unitsPerSecond))
  }

  /// The tick nearest to a wall-clock time. O(log n) in the number of changes.
  public func tick(nearest time: Seconds) -> Tick {
    let units = time.rawValue * Double(unitsPerSecond)
    let next = segments.partitioningIndex { Double($0.startUnits) > units }
    let segment = segments[max(0, next - 1)]
    let offset = (units - Double(segment.startUnits)) / Double(segment.unitsPerTick)
    // Beyond the end of any music, but without overflow in later arithmetic.
    let bound = 0x1p61
    return Tick(rawValue: segment.start + (offset.isNaN ? 0 : Int64(min(max(offset.rounded(), -bound), bound))))
  }

  /// The position of a tick on a grid of `rate` steps per second, rounded to the nearest step (up at a tie)
  /// in exact arithmetic. O(log n) in the number of changes; `Cursor` is O(1) for rising ticks.
  public func step(at tick: Tick, rate: Int) -> Int {
    step(in: segments[segmentIndex(at: tick)], at: tick, rate: rate)
  }

  private func step(in segment: Segment, at tick: Tick, rate: Int) -> Int {
    let units = segment.units(at: tick.rawValue)
    let step = (units * Int128(2 * rate) + Int128(unitsPerSecond)) / Int128(2 * unitsPerSecond)
    return Int(clamping: step)
  }

  private func segmentIndex(at tick: Tick) -> Int {
    max(0, segments.partitioningIndex { $0.start > tick.rawValue } - 1)
  }

  /// Finds grid positions of ticks that mostly rise, without a search for each.
  public struct Cursor: Sendable {
    private let map: TempoMap
    private let rate: Int
    /// The ticks of the current segment for which 64-bit arithmetic suffices.
    @usableFromInline
    var fastRange: Range<Int64> = 0..<0
    /// In this range, a tick is at (`origin` + `slope` · ticks since its start) / `divisor` steps, rounded down.
    @usableFromInline
    var origin: UInt64 = 0
    @usableFromInline
    var slope: UInt64 = 0
    @usableFromInline
    let divisor: UInt64

    /// A cursor over the grid of `rate` steps per second.
    public init(_ map: TempoMap, rate: Int) {
      self.map = map
      self.rate = rate
      divisor = UInt64(2 * map.unitsPerSecond)
    }

    /// The same as `TempoMap.step(at:rate:)`.
    @inlinable
    public mutating func step(at tick: Tick) -> Int {
      guard fastRange.contains(tick.rawValue) else { return slowStep(at: tick) }
      let offset = UInt64(bitPattern: tick.rawValue &- fastRange.lowerBound)
      return Int(truncatingIfNeeded: (origin &+ slope &* offset) / divisor)
    }

    @usableFromInline
    @inline(never)
    mutating func slowStep(at tick: Tick) -> Int {
      let index = map.segmentIndex(at: tick)
      let segment = map.segments[index]
      let slope = segment.unitsPerTick * 2 * Int64(rate)
      let origin = segment.startUnits * Int128(2 * rate) + Int128(map.unitsPerSecond)
      if let origin = Int64(exactly: origin), origin >= 0, segment.start <= tick.rawValue {
        (self.origin, self.slope) = (UInt64(origin), UInt64(slope))
        let next = index + 1 < map.segments.count ? map.segments[index + 1].start : Int64.max
        let (last, overflow) = segment.start.addingReportingOverflow((Int64.max - origin) / slope)
        fastRange = segment.start..<max(segment.start, min(next, overflow ? .max : last))
      }
      return map.step(in: segment, at: tick, rate: rate)
    }
  }
}
