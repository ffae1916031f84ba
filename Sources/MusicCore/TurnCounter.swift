/// Assigns turns to the events of a track in their order, so that a score preserves it (`EventStream`).
@usableFromInline
package struct TurnCounter: Sendable {
  @usableFromInline var tick = Tick(rawValue: -1)
  @usableFromInline var turn: UInt8 = 0
  @usableFromInline var rank = EventStream.Rank.noteEnd

  package init() {}

  /// The turn of the next event of the track.
  @inlinable
  @inline(__always)
  package mutating func next(_ rank: EventStream.Rank, at tick: Tick) -> UInt8 {
    turn = peek(rank, at: tick)
    self.tick = tick
    self.rank = rank
    return turn
  }

  /// The turn that the next event would have.
  @inlinable
  @inline(__always)
  package func peek(_ rank: EventStream.Rank, at tick: Tick) -> UInt8 {
    guard tick == self.tick else { return 0 }
    // No music needs more turns within a tick than this.
    return rank < self.rank && turn < .max ? turn &+ 1 : turn
  }
}
