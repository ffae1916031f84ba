import Evaluation
import Improvisation
import MIDIPorts
import MusicCore
import Takes

/// What happened in a session, as `live --report` writes it.
struct DuetReport: Encodable {
  var schema = "aurl-live/1"
  /// How long the session was.
  var seconds: Double
  var mode: String
  var seed: UInt64
  var model: ModelIdentity
  /// The key that binds at the end; absent where none does.
  var key: String?
  var turns: [TurnReport]
  /// From the signal, or from the start of thinking in a pause, to the plan.
  var decisionMs: Distribution?
  /// From the signal, or the end of the pause, to the first note.
  var entryMs: Distribution?
  /// From the human's onset to the machine's last.
  var yieldMs: Distribution?
  /// Turns that the human ended within a second.
  var falseEntries: Int
  /// Phrases that ended because the model computed nothing finite.
  var failures: Int
  /// Of the ports; absent where there were none.
  var ports: Ports?

  /// What happened at the ports of a live session.
  struct Ports: Encodable {
    /// How many tokens a second the machine was given to think of.
    var tokensPerSecond: Double
    /// Notes of the model that started late, and that came too late to be played.
    var lateNotes: Int
    var droppedNotes: Int
    /// Messages that came in and were lost, and that were the model's own.
    var lost: Int
    var fedBack: Int
    /// From your onset until what was planned could no longer sound.
    var reactionMs: Distribution?
    /// Absent where no MIDI clock came in.
    var clock: Clock?
  }

  /// A MIDI clock that was followed.
  struct Clock: Encodable {
    /// The port that it came from.
    var source: String
    /// The mean distance of its messages from a steady beat.
    var jitterMs: Double
    /// How often it stopped without a word.
    var losses: Int
  }

  /// A turn of the model.
  struct TurnReport: Encodable {
    /// In seconds from the start of the session.
    var start: Double
    var handover: String
    var decisionMs: Double?
    var entryMs: Double?
    /// From its start to the last note's end.
    var seconds: Double
    var notes: Int
    var candidates: Int
    var tokens: Int
    var decisionTokens: Int
    var cost: Cost
    /// What ended it; absent where the session did.
    var ended: String?
  }

  struct Cost: Encodable {
    var density: Double
    var level: Double
    var register: Double
    var key: Double
    var motif: Double
    var surprise: Double
    var copying: Double
    var grid: Double
    var texture: Double
    var tonality: Double
  }

  /// Where values lie.
  struct Distribution: Encodable {
    var p50: Double
    var p95: Double
    var p99: Double
    var max: Double

    /// Nil of no values.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let last = sorted.last else { return nil }
      func quantile(_ share: Double) -> Double { rounded(sorted.quantile(share) ?? last) }
      (p50, p95, p99, max) = (quantile(0.5), quantile(0.95), quantile(0.99), rounded(last))
    }
  }
}

/// A number as reports show it.
private func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }

extension DuetReport {
  init(_ duet: Duet, key: String?, seed: UInt64, model: ModelIdentity, failures: Int) {
    seconds = rounded(duet.time.sessionSeconds)
    mode = duet.settings.mode.rawValue
    (self.seed, self.model, self.key, self.failures) = (seed, model, key, failures)
    turns = duet.turns.map { TurnReport($0, sessionEnd: duet.time) }
    decisionMs = Distribution(turns.compactMap(\.decisionMs))
    entryMs = Distribution(turns.compactMap(\.entryMs))
    yieldMs = Distribution(duet.turns.compactMap(\.yieldMs))
    falseEntries = duet.turns.count {
      guard let end = $0.end, $0.ending == .player else { return false }
      return end - $0.start < TurnTaking.falseEntry
    }
  }
}

extension DuetReport.Clock {
  init?(_ clock: StageClock) {
    guard let source = clock.source else { return nil }
    self.init(
      source: source.description, jitterMs: rounded(clock.follower.jitter * 1000), losses: clock.follower.losses)
  }
}

extension DuetReport.TurnReport {
  init(_ turn: Turn, sessionEnd: Tick) {
    start = rounded(turn.start.sessionSeconds)
    handover = turn.handover.rawValue
    decisionMs = turn.decisionMilliseconds.map(rounded)
    entryMs = turn.firstOnset.map { rounded(($0 - turn.start).sessionSeconds * 1000) }
    seconds = rounded(((turn.end ?? sessionEnd) - turn.start).sessionSeconds)
    (notes, candidates, tokens) = (turn.notes, turn.candidates, turn.tokens)
    decisionTokens = turn.decisionTokens
    cost = DuetReport.Cost(
      density: rounded(turn.cost.density), level: rounded(turn.cost.level), register: rounded(turn.cost.register),
      key: rounded(turn.cost.key), motif: rounded(turn.cost.motif), surprise: rounded(turn.cost.surprise),
      copying: turn.cost.copying, grid: rounded(turn.cost.grid),
      texture: rounded(turn.cost.texture), tonality: rounded(turn.cost.tonality))
    ended = turn.ending?.rawValue
  }
}

extension Turn {
  /// How long after the human came in the machine still struck, in milliseconds; nil where he did not.
  var yieldMs: Double? {
    guard ending == .player, let end, let lastOnset else { return nil }
    return max(0, (lastOnset - end).sessionSeconds * 1000)
  }
}
