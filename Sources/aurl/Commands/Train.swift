import ArgumentParser
import Terminal

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model (runs aurl-train).",
    discussion: helpText(
      [
        "Train a model on a dataset": "aurl train dataset -o run",
        "Resume the training": "aurl train --resume -o run",
      ],
      """
      All arguments are passed to aurl-train, which is searched for in the folder of aurl and then on PATH. "aurl train \
      --help" shows its options.
      """))

  @Argument(parsing: .captureForPassthrough, help: "The arguments of aurl-train.")
  var arguments: [String] = []

  func run() throws { try Self.run(arguments) }

  /// Replaces this process by aurl-train.
  static func run(_ arguments: [String]) throws(Failure) { try TrainingProgram.find().run(arguments) }
}
