import ArgumentParser
import Terminal
import Testing

private struct Inner: ParsableCommand {
  @Argument var file: String
  @Option(name: .shortAndLong) var seconds: Double?
  @Option var format: String?
  @Flag(name: .shortAndLong) var quiet = false

  func validate() throws {
    if let seconds, seconds < 0 { throw ValidationError("--seconds takes a number from 0, not \(seconds).") }
  }
}

private struct Passing: ParsableCommand {
  @Argument(parsing: .captureForPassthrough) var arguments: [String] = []
}

private struct Root: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "root", subcommands: [Inner.self, Passing.self])
}

private struct Defaulting: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "root", subcommands: [Inner.self, Passing.self], defaultSubcommand: Inner.self)
}

@Suite struct ArgumentTableTests {
  private func message(_ line: String, _ root: any ParsableCommand.Type = Root.self) -> String? {
    do {
      _ = try root.parse(asRoot: line.split(separator: " ").map(String.init))
      return nil
    } catch let failure as Failure {
      return failure.message
    } catch { return root.message(for: error) }
  }

  /// Unknown options are reported before missing arguments.
  @Test(arguments: [
    ("inner --bogus", "\"root inner\" has no option \"--bogus\"; see root inner --help"),
    ("inner --fromat=x", "\"root inner\" has no option \"--fromat\"; did you mean \"--format\"?"),
    ("inner a -x", "\"root inner\" has no option \"-x\"; see root inner --help"),
    ("inner a --seconds 3 --qiuet", "\"root inner\" has no option \"--qiuet\"; did you mean \"--quiet\"?"),
  ])
  func unknownOptionsAreNamed(line: String, expected: String) { #expect(message(line) == expected) }

  /// Without a subcommand the options are those of the default subcommand.
  @Test func defaultSubcommandsAreChecked() {
    #expect(
      message("a -s 3 --fromat=x", Defaulting.self)
        == "\"root inner\" has no option \"--fromat\"; did you mean \"--format\"?")
    #expect(message("a --seconds -3", Defaulting.self) == "--seconds takes a number from 0, not -3.0.")
    #expect(message("a -s 3", Defaulting.self) == nil)
  }

  @Test(arguments: ["inner a --seconds 3", "inner a -s 3 -q", "inner a -- ", "passing --anything -x", "inner a -qs 3"])
  func validLinesAreAccepted(line: String) { #expect(message(line) == nil) }

  /// A negative number is taken for a value, so that the command can report its range.
  @Test(arguments: ["inner a --seconds -3", "inner a -s -3", "inner --seconds -3.0 a", "inner a --seconds=-3"])
  func negativeNumbersAreOutOfRange(line: String) {
    #expect(message(line) == "--seconds takes a number from 0, not -3.0.")
  }

  @Test func otherMistakesAreReportedByTheParser() {
    #expect(message("inner") == "Missing expected argument '<file>'")
    #expect(message("inner a --seconds x")?.contains("'x' is invalid for '--seconds") == true)
  }

  @Test func theNearestWordIsNear() {
    #expect("rendre".nearest(of: ["render", "record"]) == "render" && "xyz".nearest(of: ["render"]) == nil)
  }
}

@Suite struct TimeLeftTests {
  @Test(arguments: [
    (2.0, 0.5, ""), (10, 0, ""), (10, 1, ""), (10, 0.5, ", 10 s left"), (60, 0.1, ", 9:00 min left"), (100, 0.999, ""),
  ])
  func theTimeLeftFollowsFromTheSpeedSoFar(elapsed: Double, share: Double, text: String) {
    #expect(TimeLeft.text(elapsed: elapsed, share: share) == text)
  }
}
