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

  @Option(
    help: ArgumentHelp(
      "How much later than you strike a key the note is known here.", valueName: "milliseconds"))
  var inputLatency = 0.0

  @Option(
    help: ArgumentHelp(
      "How much later than it is sent what the model plays is heard: it is sent earlier.", valueName: "milliseconds"))
  var outputLatency = 0.0

  @Option(
    name: .customLong("state-cc"),
    help: ArgumentHelp(
      "Send this controller on the model's channel: 0 when it is your turn, 1 while the model thinks of an answer, 2 when it plays.",
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

  /// Whether any is given that needs ports.
  var isUsed: Bool { !from.isEmpty || to != nil || synth || seconds != nil || stateCC != nil }

  /// In seconds, of both ways.
  var latency: Double { (inputLatency + outputLatency) / 1000 }
}
