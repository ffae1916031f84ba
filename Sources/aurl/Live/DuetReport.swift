import Evaluation
import Glibc
import Improvisation
import Inference
import MusicCore
import Playing
import Takes
import Text

/// The report of a session, as `live --report` writes it: one object with the fields of both parts.
struct SessionReport: Encodable {
  var duet: DuetReport
  /// Absent offline.
  var realTime: RealTimeReport?

  func encode(to encoder: any Encoder) throws {
    try duet.encode(to: encoder)
    try realTime?.encode(to: encoder)
  }
}

/// The report of what was played.
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
  /// The assumed generation speed in tokens per second.
  var tokensPerSecond: Double
  /// The processor time for reading what is played, as a share of the session.
  var listenShare: Double
  /// How often generation continued from where the human departed from the plan.
  var replans: Int
  /// The share of the planned tokens that came true before any departure; absent if there were none.
  var confirmedShare: Double?
  /// The number of the model's notes that had not ended when everything was over.
  var stuck: Int
  /// The instructions that the model is computed with.
  var instructions: String
  /// The largest memory of the process in KB.
  var memoryKB: Int

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
    /// The adopted key; absent if there was none.
    var key: String?
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
    var repetition: Double
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
      self.init(maximum: last) { sorted.quantile($0) ?? last }
    }

    /// Nil if there are no values.
    init?(_ times: TimeHistogram) {
      guard times.count > 0 else { return nil }
      self.init(maximum: times.maximum, times.quantile)
    }

    private init(maximum: Double, _ quantile: (Double) -> Double) {
      (p50, p95, p99) = (rounded(quantile(0.5)), rounded(quantile(0.95)), rounded(quantile(0.99)))
      max = rounded(maximum)
    }
  }
}

/// The largest memory that the process has taken.
private var peakMemoryKB: Int {
  var usage = rusage()
  getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return usage.ru_maxrss
}

extension DuetReport {
  /// - Parameters:
  ///   - listening: the processor time for reading what was played, in seconds.
  ///   - stuck: the number of the model's notes that had not ended when everything was over.
  init(
    _ duet: Duet, _ improviser: Improviser, seed: UInt64, model: ModelIdentity, instructions: InstructionSet,
    listening: Double,
    stuck: Int
  ) {
    seconds = rounded(duet.time.sessionSeconds)
    mode = duet.settings.mode.rawValue
    (self.seed, self.model, self.stuck) = (seed, model, stuck)
    (key, failures) = (improviser.follower.key?.description, improviser.failures)
    (tokensPerSecond, self.instructions) = (duet.settings.tokensPerSecond, instructions.rawValue)
    listenShare = seconds > 0 ? rounded(listening / seconds, places: 5) : 0
    (replans, confirmedShare) = (improviser.plannedTokens.replans, improviser.plannedTokens.confirmedShare.map(rounded))
    memoryKB = peakMemoryKB
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

extension DuetReport.TurnReport {
  init(_ turn: Turn, sessionEnd: Tick) {
    start = rounded(turn.start.sessionSeconds)
    handover = turn.handover.rawValue
    decisionMs = turn.decisionMilliseconds.map(rounded)
    entryMs = turn.firstOnset.map { rounded(($0 - turn.start).sessionSeconds * 1000) }
    seconds = rounded(((turn.end ?? sessionEnd) - turn.start).sessionSeconds)
    (notes, candidates, tokens) = (turn.notes, turn.candidates, turn.tokens)
    (decisionTokens, key) = (turn.decisionTokens, turn.key?.description)
    cost = DuetReport.Cost(
      density: rounded(turn.cost.density), level: rounded(turn.cost.level), register: rounded(turn.cost.register),
      key: rounded(turn.cost.key), motif: rounded(turn.cost.motif), surprise: rounded(turn.cost.surprise),
      copying: turn.cost.copying, grid: rounded(turn.cost.grid),
      texture: rounded(turn.cost.texture), tonality: rounded(turn.cost.tonality),
      repetition: rounded(turn.cost.repetition))
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
