extension EventStream {
  /// An event in 16 bytes, most of them the key by which it is sorted.
  package struct Record: RadixSortable, Sendable {
    /// From the highest bit: the tick, the turn (8 bits), the rank in the turn (3), and the use (2).
    package private(set) var key: UInt64
    /// The index of its track.
    package let track: UInt32
    package let port: UInt8
    package let status: UInt8
    package let data1: UInt8
    package let data2: UInt8

    /// The bits of the key below those of the tick.
    static let tickBit: UInt64 = 13
    static let longestTick = Int64(1) << 50

    package init(tick: Tick, turn: UInt8, rank: Rank, track: Int, port: UInt8, _ bytes: (UInt8, UInt8, UInt8)) {
      let tick = UInt64(bitPattern: Swift.min(Swift.max(0, tick.rawValue), Self.longestTick))
      key = tick &<< Self.tickBit | UInt64(turn) &<< 5 | rank.rawValue &<< 2
      self.track = UInt32(truncatingIfNeeded: track)
      self.port = port
      (status, data1, data2) = bytes
    }

    package var tick: Tick { Tick(rawValue: Int64(key &>> Self.tickBit)) }
    package var turn: UInt8 { UInt8(truncatingIfNeeded: key &>> 5) }
    package var channel: UInt8 { status & 0x0F }

    package var use: ScoreEvent.Use {
      get { ScoreEvent.Use(rawValue: UInt8(key & 3)) ?? .always }
      set { key = key & ~3 | UInt64(newValue.rawValue) }
    }

    /// Of a system exclusive message: its index in its track.
    var index: Int { Int(port) << 16 | Int(data1) << 8 | Int(data2) }
  }

  /// The order of the kinds of events within a turn.
  @usableFromInline
  package enum Rank: UInt64, Comparable, Sendable {
    case noteEnd, systemExclusive, control, noteStart, emptyNoteEnd
    @inlinable
    package static func < (a: Rank, b: Rank) -> Bool { a.rawValue < b.rawValue }
  }
}
