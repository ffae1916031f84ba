package import MusicCore

/// The content of a piano roll: what both played recently, and what the machine is going to play.
package struct RollContent: Sendable {
  /// A note, from its onset to its end; nil while it sounds.
  package struct Note: Hashable, Sendable {
    package var player: Player
    package var pitch: Pitch
    package var onset: Tick
    package var end: Tick?

    package init(player: Player, pitch: Pitch, onset: Tick, end: Tick?) {
      (self.player, self.pitch, self.onset, self.end) = (player, pitch, onset, end)
    }
  }

  /// The notes played recently, by rising onset.
  package private(set) var played: [Note] = []
  package private(set) var planned: [Note] = []

  /// Notes that ended longer ago than this are dropped.
  private static let memory = Tick(ofSession: 4)

  package init() {}

  /// Records a message that a player plays.
  package mutating func receive(_ message: ChannelMessage, from player: Player, at tick: Tick) {
    switch message.kind {
    case .noteOn(let pitch, _):
      played.removeAll { $0.end.map { $0 < tick - Self.memory } ?? false }
      played.append(Note(player: player, pitch: pitch, onset: tick, end: nil))
    case .noteOff(let pitch, _):
      let index = played.lastIndex { $0.player == player && $0.pitch == pitch && $0.end == nil }
      if let index { played[index].end = tick }
    case .control: break
    }
  }

  /// Replaces the plan, by rising tick.
  package mutating func plan(_ events: [PlannedEvent]) {
    planned = []
    for event in events {
      if event.level != nil {
        planned.append(Note(player: .machine, pitch: event.pitch, onset: event.tick, end: nil))
      } else if let index = planned.lastIndex(where: { $0.pitch == event.pitch && $0.end == nil }) {
        planned[index].end = event.tick
      }
    }
  }
}
