import ArgumentParser

/// The options of the ports of a live session.
struct PortArguments: ParsableArguments {
  @Option(
    parsing: .singleValue,
    help: ArgumentHelp(
      "A port to listen to: its number, name, or a part of the name. May be repeated.", valueName: "port"),
    completion: .inputPorts)
  var from: [String] = []

  @Option(help: ArgumentHelp("The port that the model plays on.", valueName: "port"), completion: .outputPorts)
  var to: String?

  @Flag(help: "Use aurl's own synthesizer: you and the model sound on it, and it has a port of its own.")
  var synth = false

  @Flag(
    inversion: .prefixedNo,
    help: "With --synth, your notes sound too; use --no-thru if your keyboard has its own sound."
  )
  var thru = true

  @Option(help: .time("End after this time."), transform: parseTime)
  var seconds: Double?

  @Option(
    help: ArgumentHelp(
      "The time from striking a key to the arrival of its note.", valueName: "milliseconds"))
  var inputLatency = 0.0

  @Option(
    help: ArgumentHelp(
      "The time from sending the model's notes to their sound: they are sent earlier by this.",
      valueName: "milliseconds"))
  var outputLatency = 0.0

  @Option(
    name: .customLong("state-cc"),
    help: ArgumentHelp(
      "Send this controller on the model's channel: 0 when it is your turn, 1 while the model generates an answer, 2 when it plays.",
      valueName: "number"))
  var stateCC: Int?

  func validate() throws {
    for (name, latency) in [("input", inputLatency), ("output", outputLatency)] {
      guard (0...200).contains(latency) else {
        throw ValidationError("--\(name)-latency takes 0 to 200 ms, not \(latency).")
      }
    }
    guard (0..<120).contains(stateCC ?? 0) else {
      throw ValidationError("--state-cc takes 0 to 119, not \(stateCC ?? 0).")
    }
    guard (0.1...1e6).contains(seconds ?? 1) else {
      throw ValidationError("--seconds takes a time from 0.1, not \(seconds ?? 0).")
    }
    guard thru || synth else { throw ValidationError("--no-thru needs --synth.") }
  }

  /// Whether any option of particular ports is given.
  var areNamed: Bool { !from.isEmpty || to != nil || stateCC != nil }

  /// Whether any option of sessions in real time is given.
  var isUsed: Bool { areNamed || synth || seconds != nil }

  /// The sum of both latencies in seconds.
  var latency: Double { (inputLatency + outputLatency) / 1000 }
}
