import Evaluation
import Improvisation
import MIDIPorts
import MusicCore
import Takes

/// The report of a session, as `live --report` writes it.
struct DuetReport: Encodable {
  var schema = "aurl-live/1"
  /// The length of the session in seconds.
  var seconds: Double
  var mode: String
  var seed: UInt64
  var model: ModelIdentity
  /// The key that answers kept to at the end; absent if there was none.
  var key: String?
  var turns: [TurnReport]
  /// The time from the signal, or from the start of generation in a pause, to the plan.
  var decisionMs: Distribution?
  /// The time from the signal, or from the end of the pause, to the first note.
  var entryMs: Distribution?
  /// The time from the human's onset to the machine's last one.
  var yieldMs: Distribution?
  /// The number of turns that the human ended within a second.
  var falseEntries: Int
  /// The number of phrases that ended because the model's output was not finite.
  var failures: Int
  /// The statistics of the ports; absent if there were none.
  var ports: Ports?

  /// The statistics of the ports of a live session.
  struct Ports: Encodable {
    /// The assumed generation speed in tokens per second.
    var tokensPerSecond: Double
    /// The number of the model's notes that started late, and of those that were dropped because they were too late.
    var lateNotes: Int
    var droppedNotes: Int
    /// The number of incoming messages that were lost, and of those that were echoes of the model's own.
    var lost: Int
    var fedBack: Int
    /// The time from your onset until the plan was canceled.
    var reactionMs: Distribution?
    /// Absent if no MIDI clock was received.
    var clock: Clock?
  }

  /// A MIDI clock that was followed.
  struct Clock: Encodable {
    /// The sending port.
    var source: String
    /// The mean deviation of its messages from a steady tempo.
    var jitterMs: Double
    /// How often it stopped without a Stop message.
    var losses: Int
  }

  /// A turn of the model.
  struct TurnReport: Encodable {
    /// The time in seconds from the start of the session.
    var start: Double
    var handover: String
    var decisionMs: Double?
    var entryMs: Double?
    /// The length in seconds from its start to the end of its last note.
    var seconds: Double
    var notes: Int
    var candidates: Int
    var tokens: Int
    var decisionTokens: Int
    var cost: Cost
    /// What ended it; absent if the session ended.
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

  /// A summary of the distribution of some values.
  struct Distribution: Encodable {
    var p50: Double
    var p95: Double
    var p99: Double
    var max: Double

    /// Nil if there are no values.
    init?(_ values: [Double]) {
      let sorted = values.sorted()
      guard let last = sorted.last else { return nil }
      func quantile(_ share: Double) -> Double { rounded(sorted.quantile(share) ?? last) }
      (p50, p95, p99, max) = (quantile(0.5), quantile(0.95), quantile(0.99), rounded(last))
    }
  }
}

/// A number rounded as in reports.
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
  /// The time from the human's entry to the machine's last onset, in milliseconds; nil if the human did not come in.
  var yieldMs: Double? {
    guard ending == .player, let end, let lastOnset else { return nil }
    return max(0, (lastOnset - end).sessionSeconds * 1000)
  }
}
