import Files
import Generation
import Glibc
import Improvisation
import Inference
import ModelFormat
import MusicAnalysis
import MusicCore
import Takes
import Terminal

/// A duet with a model, configured by the options, and its log.
final class DuetSession {
  let driver: DuetDriver
  let improviser: Improviser
  let log: SessionLog
  var duet: Duet { driver.duet }
  private let model: Model
  private let options: Live
  private let seed: UInt64
  /// The processor time of all work in which nothing was generated, in seconds.
  var listening = 0.0

  /// - Parameter pace: The assumed generation speed in tokens per second; nil to measure that of this machine.
  convenience init(_ options: Live, pace: Double) throws(Failure) {
    try self.init(options, try options.model.load(), pace: pace)
  }

  init(_ options: Live, _ model: Model, pace: Double) throws(Failure) {
    (self.options, self.model) = (options, model)
    seed = options.seed ?? UInt64(UInt32.random(in: 0 ... .max))
    var settings = DuetSettings(seed: seed)
    (settings.mode, settings.channel, settings.tokensPerSecond) = (options.mode, options.playing.machineChannel, pace)
    settings.sharesChannel = options.playing.sharesChannel
    options.turns.apply(to: &settings)
    options.beat.apply(to: &settings)
    options.accompaniment.apply(to: &settings)
    settings.latency = options.ports.latency
    improviser = Improviser(model, options.playing.settings(seed: seed, options.sampling.answering))
    driver = DuetDriver(Duet(improviser, settings))
    log = SessionLog(driver.duet, options, seed: seed)
  }

  /// Receives an event; events other than messages are recorded as text.
  func receive(_ event: DuetDriver.Event, at tick: Tick) {
    let tick = driver.receive(event, at: tick)
    log.note(event, at: tick)
  }

  /// Adds an observer of everything that both play.
  func onPlayed(_ body: @escaping (Player, ChannelMessage, Tick) -> Void) {
    let first = duet.onPlayed
    duet.onPlayed = { player, message, tick in
      first(player, message, tick)
      body(player, message, tick)
    }
  }

  /// A status line: who plays, key, beat and dynamics.
  ///
  /// - Parameter controls: the current settings of the model's playing.
  func status(_ controls: String) -> String {
    let player =
      switch duet.taking.state {
      case .listening, .closing: "you   "
      case .answering, .ending: "aurl  "
      case .accompanying: "both  "
      case .stopped: "silent"
      }
    let key = improviser.follower.key?.description ?? "no key yet"
    let call = duet.call.isEmpty ? duet.lastCall : duet.call
    let level = call.level.flatMap { DynamicLevel(rawValue: UInt8($0.rounded())) }
    var parts = [player, key]
    if let level { parts.append(level.description) }
    if let pulse = duet.taking.pulse {
      let meter = duet.settings.turns.meter
      let beat = Int((pulse.quarters(at: duet.time) / meter.quartersPerBeat).rounded(.down))
      let (bar, place) = (beat.flooredDivision(by: meter.beatsPerBar), beat.flooredRemainder(by: meter.beatsPerBar))
      parts.append("\(Int(pulse.quartersPerMinute.rounded())) bpm \(bar + 1).\(place + 1)")
    }
    parts += [controls, "\(duet.turns.count) answers"]
    if let decision = duet.turns.last?.decisionMilliseconds { parts.append("\(Int(decision.rounded())) ms") }
    return parts.joined(separator: "  ")
  }

  /// - Parameters:
  ///   - realTime: the statistics of a session in real time, for the report.
  ///   - stuck: the number of the model's notes that had not ended at the output.
  func finish(_ realTime: RealTimeReport? = nil, stuck: Int = 0) throws(Failure) {
    let identity = ModelIdentity(file: try options.model.path().fileName, step: model.metadata.step, sha256: nil)
    let report = DuetReport(
      duet, improviser, seed: seed, model: identity, instructions: model.instructions, listening: listening,
      stuck: max(stuck, log.soundingCount))
    try log.finish(SessionReport(duet: report, realTime: realTime))
  }
}

/// The processor time that was spent, in seconds.
enum ProcessorTime {
  /// That of this thread.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}

extension Int {
  fileprivate func flooredDivision(by divisor: Int) -> Int { (self - flooredRemainder(by: divisor)) / divisor }
  fileprivate func flooredRemainder(by divisor: Int) -> Int { (self % divisor + divisor) % divisor }
}
