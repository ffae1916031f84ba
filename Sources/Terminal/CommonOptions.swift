internal import ArgumentParser

/// The option of commands that process several items in parallel.
package struct JobsOptions: ParsableArguments {
  @Option(
    name: .customLong("jobs"),
    help: ArgumentHelp(
      "How many files, takes or windows to process in parallel. Default: the number of processors.", valueName: "jobs"))
  var given: Int?

  package init() {}

  package func validate() throws {
    if let given, given < 1 { throw ValidationError("--jobs \(given): at least one") }
  }

  /// The number of threads.
  package var count: Int { given ?? Environment.processorCount }
}

/// The option of commands that can print JSON.
package struct JSONOptions: ParsableArguments {
  @Flag(name: .customLong("json"), help: "Print the result as JSON.")
  package var isJSON = false

  package init() {}
}

/// The option of commands that print progress and messages.
package struct QuietOptions: ParsableArguments {
  @Flag(
    name: [.customLong("quiet"), .customShort("q")],
    help: "Print no progress, no notes and no messages about repairs.")
  package var isQuiet = false

  package init() {}
}
