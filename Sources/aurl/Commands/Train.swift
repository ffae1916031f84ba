import ArgumentParser
import Terminal

struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Train a model (runs aurl-train).",
    discussion: helpText(
      [
        "A model of a dataset": "aurl train dataset -o run",
        "Go on with it": "aurl train --resume -o run",
      ],
      """
      All arguments go to aurl-train, which is looked for beside aurl and then on PATH. "aurl train --help" shows \
      its options.
      """))

  @Argument(parsing: .captureForPassthrough, help: "The arguments of aurl-train.")
  var arguments: [String] = []

  func run() throws { try Self.run(arguments) }

  /// Goes on as aurl-train.
  static func run(_ arguments: [String]) throws(Failure) { try TrainingProgram.find().run(arguments) }
}
