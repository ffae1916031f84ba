package import MusicCore

/// A turn of the machine, as it is reported.
package struct Turn: Sendable {
  /// Why a turn was over.
  package enum Ending: String, Sendable {
    /// The human came in.
    case player
    /// It was as long as it was to be.
    case length
    /// The human took the turn back by a signal.
    case signal
    /// Nothing may be played any more.
    case stop
  }

  /// When the machine took the turn.
  package var start: Tick
  package var handover: Handover
  /// How many notes the call had that it answers.
  package var callNotes: Int
  /// The first onset; nil where nothing was played.
  package var firstOnset: Tick?
  package var lastOnset: Tick?
  package var end: Tick?
  package var ending: Ending?
  package var notes = 0
  /// How long generating its first stretch took; nil where it was not measured.
  package var decisionMilliseconds: Double?
  /// The number of candidates for its first stretch, and of all tokens that were generated.
  package var candidates = 0
  package var tokens = 0
  /// How many tokens of these its first stretch took: the cost of the decision, on any machine.
  package var decisionTokens = 0
  /// The cost by which its first stretch was chosen.
  package var cost = AnswerCost()
}
