import ArgumentParser
import Generation

/// The sampling options.
struct SamplingArguments: ParsableArguments {
  @Option(help: "Divides the logits: 0 is greedy decoding, 1 leaves the model's distribution unchanged.")
  var temperature: Float = 1

  @Option(
    help: "Keep only the most probable tokens with this total probability (nucleus sampling), over 0 and up to 1.")
  var topP: Float = 0.98

  @Option(help: "Keep only the K most probable tokens.")
  var topK: Int?

  @Option(help: "Keep only tokens at least P times as probable as the most probable one, 0 to 1.")
  var minP: Float = 0

  @Option(
    name: .customLong("tonality"),
    help: ArgumentHelp(
      "Strength of the bias towards the key of the music so far, 0 to 4; 0 for none. Default: 1, in aurl live 2.",
      valueName: "tonality"))
  private var givenTonality: Float?

  @Option(help: "Penalty on a pitch that has just started, in nats, 0 to 10; it decays to 0 within a second.")
  var repetitionPenalty: Float = 0.5

  @Option(
    help: "Probability that a figure that was played before is continued as it was then (n-gram cache), 0 to 0.99.")
  var recurrence: Float = 0.9

  @Option(help: "Probability that a note close to the pulse of the last notes is moved onto it, 0 to 1.")
  var steadiness: Float = 1

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try check((0...100).contains(temperature), "--temperature takes 0 to 100, not \(temperature).")
    try check(topP > 0 && topP <= 1, "--top-p takes a number over 0, up to 1, not \(topP).")
    try check(topK ?? 1 > 0, "--top-k takes a number from 1.")
    try check((0...1).contains(minP), "--min-p takes 0 to 1, not \(minP).")
    try check((0...4).contains(tonality), "--tonality takes 0 to 4, not \(tonality).")
    try check((0...10).contains(repetitionPenalty), "--repetition-penalty takes 0 to 10, not \(repetitionPenalty).")
    try check((0...0.99).contains(recurrence), "--recurrence takes 0 to 0.99, not \(recurrence).")
    try check((0...1).contains(steadiness), "--steadiness takes 0 to 1, not \(steadiness).")
  }

  var tonality: Float { givenTonality ?? 1 }

  var sampling: SamplingOptions { sampling(tonality: tonality) }

  /// The options of an answer to a player, which is to stay in the player's key.
  var answering: SamplingOptions { sampling(tonality: givenTonality ?? 2) }

  private func sampling(tonality: Float) -> SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, tonality: tonality,
      repetitionPenalty: repetitionPenalty, recurrence: recurrence, steadiness: steadiness)
  }
}
