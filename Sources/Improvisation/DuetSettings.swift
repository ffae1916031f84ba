package import MusicCore

/// How human and machine play together.
package struct DuetSettings: Sendable {
  package enum Mode: String, CaseIterable, Sendable {
    /// The machine answers what was played, and leaves the turn.
    case respond
    /// The machine goes on with what was played until the human plays again.
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

  /// What becomes of notes that sound when the human comes in.
  package enum Yielding: Hashable, Sendable {
    /// They end where they would have.
    case finish
    case cut
    /// They end where they would have, but so many seconds later at most.
    case within(Double)
  }

  package var mode = Mode.respond
  package var turns = TurnTaking.Settings()
  package var answer = AnswerLength.match
  package var yielding = Yielding.within(0.15)
  /// The longest time from a pause to the first note, in seconds; after a signal it is `signalEntry`.
  package var entry = 0.6
  package var signalEntry = 0.25
  /// How long the machine goes on by itself in `continue`, in seconds.
  package var patience = 20.0
  /// How many bars each plays in `trade`.
  package var bars = 4
  /// The quarter notes a minute of a pulse that begins with the human's first note, where no other is known; nil for none.
  package var tempo: Double?
  package var grid = Grid.auto
  /// How far what is planned is moved to the grid, 0…1.
  package var strength = 1.0
  /// Where the second of two places on the grid is, as a part of both: 0.5 where they are alike.
  package var swing = 0.5
  /// The most onsets of an accompaniment, as a part of the human's, 0…1.
  package var share = 0.7
  /// Where the human holds the chord that he is accompanied on; nil for nowhere.
  package var zone: ChordZone?
  /// The channel that the machine plays on.
  package var channel = Channel(status: 1)
  /// Whether that is the human's, on one instrument: a key that he strikes is his, and no end of the machine's lifts it.
  package var sharesChannel = false
  /// What is so near when the human takes the turn back by a signal is still played.
  package var lead = Tick(ofSession: 0.04)
  /// How much later the human's notes are known than he strikes them, and what the machine plays is heard than it is sent,
  /// in seconds together: what is planned is sent earlier by this.
  package var latency = 0.0
  /// The tokens a second that may be generated before an answer: this decides, and not how fast the machine is.
  package var tokensPerSecond = standardPace
  package static let standardPace = 2000.0
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}
