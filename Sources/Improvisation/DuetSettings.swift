package import MusicCore

/// How human and machine play together.
package struct DuetSettings: Sendable {
  package enum Mode: String, CaseIterable, Sendable {
    /// The machine answers what was played, and then gives the turn back.
    case respond
    /// The machine continues what was played until the human plays again.
    case `continue`
    /// Both play whole bars in turn.
    case trade
    /// The machine plays while the human does.
    case accompany
  }

  /// How long an answer is.
  package enum AnswerLength: Hashable, Sendable {
    /// As long as the call, from 2 s to 20 s, give or take a fifth.
    case match
    case seconds(Double)
  }

  /// What happens to the machine's sounding notes when the human comes in.
  package enum Yielding: Hashable, Sendable {
    /// They end as planned.
    case finish
    case cut
    /// They end as planned, but at most this many seconds later.
    case within(Double)
  }

  package var mode = Mode.respond
  package var turns = TurnTaking.Settings()
  package var answer = AnswerLength.match
  package var yielding = Yielding.within(0.15)
  /// The longest time from a pause to the first note, in seconds; after a signal it is `signalEntry`.
  package var entry = 0.6
  package var signalEntry = 0.25
  /// How long the machine plays alone in `continue`, in seconds.
  package var patience = 20.0
  /// How many bars each plays in `trade`.
  package var bars = 4
  /// The tempo, in quarter notes per minute, of a pulse that begins with the human's first note if no other is known;
  /// nil for none.
  package var tempo: Double?
  package var grid = Grid.auto
  /// The strength of quantization, 0…1.
  package var strength = 1.0
  /// The position of the second of each pair of grid units, as a fraction of the pair: 0.5 for no swing.
  package var swing = 0.5
  /// The most onsets of an accompaniment, as a fraction of the human's, 0…1.
  package var share = 0.7
  /// The part of the keyboard where the human holds the chord of the accompaniment; nil for none.
  package var zone: ChordZone?
  /// The channel that the machine plays on.
  package var channel = Channel(status: 1)
  /// Whether the human plays on the same channel and instrument: a key that the human strikes is then the human's, and
  /// no note-off of the machine releases it.
  package var sharesChannel = false
  /// Planned events that are at most this far ahead when the human takes the turn back by a signal are still played.
  package var lead = Tick(ofSession: 0.04)
  /// The sum of the input and output latencies in seconds, from the human's key to the received message and from a sent
  /// message to its sound: planned events are sent earlier by this.
  package var latency = 0.0
  /// The assumed generation speed in tokens per second. It decides how much is generated before an answer, so that
  /// results do not depend on the speed of the machine.
  package var tokensPerSecond = standardPace
  package static let standardPace = 2000.0
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}
