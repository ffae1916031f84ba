import ArgumentParser

/// The options that say where a live session is played.
struct PortArguments: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A port to listen to: its number, name, or a part of the name; several times for several.", valueName: "port"),
    completion: .inputPorts)
  var from: [String] = []

  @Option(help: ArgumentHelp("The port that the model plays on.", valueName: "port"), completion: .outputPorts)
  var to: String?

  @Flag(help: "Sound by itself: you and the model play on a synthesizer with a port of its own.")
  var synth = false

  @Flag(
    inversion: .prefixedNo, help: "With --synth, what you play sounds too; --no-thru where your keyboard sounds itself."
  )
  var thru = true

  @Option(help: .time("End after this time."), transform: parseTime)
  var seconds: Double?

  func validate() throws {
    guard (0.1...1e6).contains(seconds ?? 1) else {
      throw ValidationError("--seconds takes a time from 0.1, not \(seconds ?? 0).")
    }
    guard thru || synth else { throw ValidationError("--no-thru needs --synth.") }
  }

  /// Whether any of them is given.
  var isUsed: Bool { !from.isEmpty || to != nil || synth || seconds != nil }
}
