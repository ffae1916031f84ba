/// Numbers the turns of a track's events as they come, so that a score keeps their order (`EventStream`).
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

  /// The turn that an event would have next.
  @inlinable
  @inline(__always)
  package func peek(_ rank: EventStream.Rank, at tick: Tick) -> UInt8 {
    guard tick == self.tick else { return 0 }
    // More turns than that in one instant are beyond any music.
    return rank < self.rank && turn < .max ? turn &+ 1 : turn
  }
}
