import Layers
import Tensors
import Terminal
import Text
import Training
import VAEGAN

/// The progress of a run on standard error: one line that is updated on a terminal, otherwise a line from time to time.
struct ProgressReport {
  private let length: Settings.Length
  private let isQuiet: Bool
  private var progress: ProgressLine
  private var lastLine: ContinuousClock.Instant?
  /// Seconds per step, as an exponential moving average.
  private var pace: Double?
  private var previous: MetricsLine?

  init(_ length: Settings.Length, isQuiet: Bool) {
    self.length = length
    self.isQuiet = isQuiet
    progress = ProgressLine(isQuiet: isQuiet)
  }

  mutating func begin(_ run: TrainingRun) {
    let parameters = run.model.parameters.parameters.reduce(0) { $0 + $1.count }
    let start = run.progress.step > 0 ? "resuming after step \(run.progress.step)" : "beginning"
    say("\(run.folder.path): \(run.settings.model.preset), \(parameters) parameters, \(start)")
  }

  mutating func show(_ event: TrainingRun.Event) {
    switch event {
    case .losses(let line): show(line)
    case .evaluated(let line, let isBest): say(Self.text(of: line, isBest: isBest))
    case .saved: break
    case .warning(let text):
      progress.clear()
      Message.warning(text)
    }
  }

  mutating func end(_ outcome: TrainingRun.Outcome, _ run: TrainingRun) {
    let how =
      switch outcome {
      case .finished: "done"
      case .stoppedEarly: "ended, as held-out figures no longer became better"
      case .interrupted: "interrupted; --resume continues"
      }
    say("\(run.folder.last): saved after step \(run.progress.step); \(how)")
  }

  private mutating func show(_ line: MetricsLine) {
    if let previous, line.step > previous.step {
      let latest = (line.seconds - previous.seconds) / Double(line.step - previous.step)
      pace = pace.map { 0.9 * $0 + 0.1 * latest } ?? latest
    }
    previous = line
    guard !isQuiet else { return }
    let text = self.text(of: line)
    if progress.isShown {
      progress.update(text)
    } else if lastLine.map({ ContinuousClock.now - $0 > .seconds(30) }) ?? true {
      Message.note(text)
      lastLine = .now
    }
  }

  private func text(of line: MetricsLine) -> String {
    var parts = ["step \(line.step)/\(length.steps)"]
    // Early in the line, so that a narrow terminal still shows it.
    if let pace { parts.append("\(durationText(pace * stepsLeft(after: line))) left") }
    if let speed = line.tokensPerSecond { parts.append("\(decimal(speed, 0)) tokens/s") }
    if let loss = line.training?.natsPerToken { parts.append("\(decimal(loss, 3)) nats/token") }
    if let kl = line.training?.kl {
      parts.append("KL " + kl.map { $0.natsPerWindow.map { decimal($0, 1) } ?? "?" }.joined(separator: "+"))
    }
    if let beta = line.beta { parts.append("β \(decimal(beta, 2))") }
    if let skipped = line.skippedSteps, skipped > 0 { parts.append("\(skipped) skipped") }
    return parts.joined(separator: "  ")
  }

  private func stepsLeft(after line: MetricsLine) -> Double {
    let left = Double(length.steps - line.step)
    guard let tokens = length.tokens, line.tokens > 0 else { return left }
    return min(left, Double(tokens - line.tokens) * Double(line.step) / Double(line.tokens))
  }

  private static func text(of line: MetricsLine, isBest: Bool) -> String {
    guard let losses = line.validation else { return "step \(line.step): no held-out windows" }
    func number(_ value: Double?) -> String { value.map { decimal($0, 4) } ?? "not finite" }
    var text = "step \(line.step): held out \(number(losses.boundNatsPerToken)) nats/token"
    if losses.kl != nil { text += ", of which reconstruction \(number(losses.natsPerToken))" }
    return text + (isBest ? ", the best so far" : "")
  }

  /// Prints a permanent line.
  private mutating func say(_ text: String) {
    guard !isQuiet else { return }
    progress.clear()
    Message.note(text)
  }
}
