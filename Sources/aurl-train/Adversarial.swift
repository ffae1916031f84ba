import ArgumentParser
import Terminal
import Text
import Training

/// `aurl-train adversarial`: fine-tunes a model with a critic.
struct Adversarial: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model against its critic, or as its own discriminator.",
    discussion: helpText(
      [
        "A model that learns from its critic": "aurl train adversarial dataset --model m.safetensors --critic critic"
      ],
      """
      Begins with a trained model and the run that trained its critic; with adversarial.gradient=context the critic \
      is fitted in the run itself, and with ratio the model is its own discriminator. Writes last.safetensors and \
      critic.state.safetensors with what training needs to go on, settings.yaml and metrics.jsonl to the output folder; \
      "aurl-train export" makes the small file of last.safetensors.
      """))

  @Option(
    help: "The model that learns (critic.model); the critic must have learned from its takes.", completion: .model)
  var model: String?

  @Option(help: "Folder of the run of \"aurl-train critic\" (adversarial.critic).", completion: .directory)
  var critic: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    RunOptions.listen()
    let assignments = options.assignments(
      ("critic.model", model, "--model"), ("adversarial.critic", critic, "--critic"))
    var settings = try options.settings(assignments, resumingFrom: \.last)
    let data = try RunOptions.dataset(&settings)
    guard settings.critic.model != nil else { throw ValidationError("name a model with --model, or set critic.model") }
    guard settings.adversarial.critic != nil || !settings.adversarial.gradient.needsCritic else {
      throw ValidationError("name the run of a critic with --critic, or set adversarial.critic")
    }
    Interruption.handle()
    var line = ProgressLine(isQuiet: options.messages.isQuiet)
    let training = try AdversarialRun(settings, on: data, resuming: options.resume)
    let outcome = try training.train(isInterrupted: { Interruption.signal != nil }) { event in
      switch event {
      case .learned(let metrics): line.update(Self.text(of: metrics, settings.adversarial))
      case .evaluated(let step, let bound):
        line.clear()
        if !options.messages.isQuiet { Message.note("step \(step): held out \(decimal(bound, 4)) nats/token") }
      case .saved: break
      }
    }
    line.clear()
    if !options.messages.isQuiet {
      Message.note("\(training.folder.last): saved after step \(training.progress.step); \(Self.text(of: outcome))")
    }
    Interruption.passOn()
  }

  private static func text(of line: AdversarialLine, _ settings: Settings.Adversarial) -> String {
    let left = durationText(line.seconds / Double(line.step) * Double(settings.steps - line.step))
    let likelihood = line.natsPerToken.map { "  \(decimal($0, 3)) nats/token" } ?? ""
    let logit = line.logit.map { "critic's logit \(decimal($0, 2))  " } ?? ""
    let diversity = line.relativeDiversity.map { "  diversity \(decimal(100 * $0, 0)) %" } ?? ""
    return "step \(line.step)/\(settings.steps)  \(left) left  \(logit)"
      + "KL \(decimal(line.meanDivergence, 4))\(diversity)\(likelihood)"
  }

  private static func text(of outcome: AdversarialRun.Outcome) -> String {
    switch outcome {
    case .finished: "done"
    case .interrupted: "--resume continues"
    case .tooFar: "ended: the divergence of the model from the initial one has reached adversarial.divergenceLimit"
    case .tooAlike: "ended: the diversity of takes is below adversarial.diversityLimit"
    }
  }
}
