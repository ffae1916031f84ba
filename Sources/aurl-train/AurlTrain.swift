import ArgumentParser
import Files
import Terminal

/// The `aurl-train` program.
@main
struct AurlTrain: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "aurl-train",
    abstract: "Trains models on datasets of \"aurl corpus build\".",
    discussion: helpText(
      [
        "A model of a dataset": "aurl train dataset -o run",
        "Resume it with more steps": "aurl train --resume -o run --set length.steps=40000",
      ],
      """
      Exit codes: 0 done, 64 usage, 65 malformed input, 66 no such input, 69 a device or another process is missing, 70 a bug or a run \
      that diverged, 73 cannot create the output, 74 input or output failed. Ctrl-C saves a checkpoint and ends; \
      a second one ends at once.
      """),
    version: version,
    subcommands: [
      Train.self, Critic.self, Context.self, Adversarial.self, Evaluate.self, Export.self, Benchmark.self,
      PrintSettings.self, Curves.self,
    ],
    defaultSubcommand: Train.self)

  static func main() {
    let arguments = Array(CommandLine.exactArguments.dropFirst())
    // libtorch and its threads are loaded already, and only a new program reads the environment again.
    if OpenMPWaiting.bound(), let program = FileSystem.program { try? FileSystem.execute(program, arguments) }
    if let script = CompletionScript.requested(by: arguments, of: Self.self, adding: CompletionScript.additions) {
      return print(script)
    }
    do {
      var command = try parse(asRoot: arguments)
      try command.run()
    } catch let failure as Failure {
      failure.exit()
    } catch let error where Failure(error) != nil {
      Failure(error)?.exit()
    } catch {
      exit(withError: error)
    }
  }
}
