import ArgumentParser
import Generation

/// The options that say how tokens are chosen.
struct SamplingArguments: ParsableArguments {
  @Option(help: "How daring: 0 always takes the most probable token, 1 is as the model learned.")
  var temperature: Float = 1

  @Option(help: "Only the most probable tokens that have this probability together, over 0 and up to 1.")
  var topP: Float = 0.98

  @Option(help: "Only so many of the most probable tokens.")
  var topK: Int?

  @Option(help: "Only tokens at least so many times as probable as the most probable, 0 to 1.")
  var minP: Float = 0

  @Option(
    help: """
      How much pitches keep to the key of the last seconds: 0 as the model learned, 1 strictly, also up to 4.
      """)
  var tonality: Float = 0.5

  @Option(help: "How much less probable a key is that was struck just now, in nats, 0 to 10; after a second it is not.")
  var repetitionPenalty: Float = 0.5

  @Option(
    help: "How often a figure that was played before goes on as it did then, 0 to 0.99; played often, it is avoided.")
  var recurrence: Float = 0.9

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
  }

  var sampling: SamplingOptions {
    SamplingOptions(
      temperature: temperature, topK: topK, topP: topP, minP: minP, tonality: tonality,
      repetitionPenalty: repetitionPenalty, recurrence: recurrence)
  }
}
