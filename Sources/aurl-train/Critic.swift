import ArgumentParser
import Terminal
import Text
import Training

/// `aurl-train critic`: trains a critic for a model.
struct Critic: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a critic that separates takes of a model from real music.",
    discussion: helpText(
      [
        "A critic for a model": "aurl train critic dataset --model run/best.safetensors -o critic"
      ],
      """
      Writes critic.safetensors, its training state, settings.yaml and metrics.jsonl to the output folder; "aurl-train \
      export" makes a small file of the critic. Takes are generated during training.
      """))

  @Option(
    help: "The model whose takes it learns to separate from the music of the dataset (critic.model).",
    completion: .model)
  var model: String?

  @OptionGroup var options: RunOptions

  func run() throws {
    RunOptions.listen()
    let assignments = options.assignments(("critic.model", model, "--model"))
    var settings = try options.settings(assignments, resumingFrom: \.criticState)
    let data = try RunOptions.dataset(&settings)
    guard settings.critic.model != nil else { throw ValidationError("name a model with --model, or set critic.model") }
    Interruption.handle()
    var line = ProgressLine(isQuiet: options.messages.isQuiet)
    let training = try CriticRun(settings, on: data, resuming: options.resume)
    let isFinished = try training.train(isInterrupted: { Interruption.signal != nil }) { event in
      switch event {
      case .learned(let metrics): line.update(Self.text(of: metrics, settings.critic))
      case .evaluated(let metrics):
        line.clear()
        if !options.messages.isQuiet { Message.note(Self.text(of: metrics)) }
      case .saved: break
      }
    }
    line.clear()
    if !options.messages.isQuiet {
      Message.note(
        "\(training.folder.path): saved after step \(training.progress.step); \(isFinished ? "done" : "--resume continues")"
      )
    }
    Interruption.passOn()
  }

  private static func text(of line: CriticRun.CriticLine, _ settings: Settings.Critic) -> String {
    let pace = line.seconds / Double(line.step)
    let left = durationText(pace * Double(settings.steps - line.step))
    return
      "step \(line.step)/\(settings.steps)  \(left) left  stage \(line.stage)  loss \(decimal(line.loss ?? 0, 3))  "
      + "accuracy \(decimal(100 * (line.accuracy ?? 0), 0)) %"
  }

  private static func text(of line: CriticRun.CriticLine) -> String {
    let scales = ["local", "phrase", "global", "combined"]
    let areas = scales.map { "\($0) \(line.heldOut?.areaUnderCurve[$0].map { decimal($0, 3) } ?? "–")" }
    let errors = scales.map { line.heldOut?.calibrationError[$0].map { decimal($0, 3) } ?? "–" }
    let sigma = decimal(line.heldOut?.largestSingularValue ?? 0, 3)
    return "step \(line.step): AUC \(areas.joined(separator: ", ")); calibration error "
      + "\(errors.joined(separator: ", ")); σ at most \(sigma)"
  }
}
