import Foundation
import Generation
import MusicCore
import TestSupport
import Testing

@Suite struct SamplerTests {
  struct Case: CustomStringConvertible {
    var options: SamplingOptions
    var description: String {
      "T \(options.temperature) k \(options.topK ?? 0) p \(options.topP) min \(options.minP)"
    }
  }

  static let cases = [
    SamplingOptions(), SamplingOptions(temperature: 0.7), SamplingOptions(temperature: 2), SamplingOptions(topK: 1),
    SamplingOptions(topK: 5), SamplingOptions(topK: 1000), SamplingOptions(topP: 0.5), SamplingOptions(topP: 0.9),
    SamplingOptions(topP: 0.001), SamplingOptions(minP: 0.2), SamplingOptions(minP: 1),
    SamplingOptions(temperature: 1.3, topK: 8, topP: 0.8, minP: 0.1), SamplingOptions(topK: 3, topP: 0.7),
    SamplingOptions(temperature: 0), SamplingOptions(temperature: 1e-6),
  ].map(Case.init)

  /// The probabilities computed directly on a sorted list.
  private func probabilities(_ logits: [Float], _ options: SamplingOptions) -> [Double] {
    let weights = logits.map { ($0 == -.infinity || options.temperature == 0) ? 0 : pow($0, logits, options) }
    var order = logits.indices.filter { logits[$0] > -.infinity }.sorted { (logits[$0], $1) > (logits[$1], $0) }
    if options.temperature == 0 { order = Array(order.prefix(1)) }
    if let k = options.topK { order = Array(order.prefix(k)) }
    let total = order.reduce(0) { $0 + weights[$1] }
    var (kept, sum): ([Int], Double) = ([], 0)
    for index in order where kept.isEmpty || sum < Double(options.topP) * total {
      kept.append(index)
      sum += weights[index]
    }
    kept = kept.filter { options.temperature == 0 || weights[$0] >= Double(options.minP) * weights[order[0]] }
    let rest = kept.reduce(0) { $0 + weights[$1] }
    var result = [Double](repeating: 0, count: logits.count)
    for index in kept { result[index] = options.temperature == 0 ? 1 : weights[index] / rest }
    return result
  }

  private func pow(_ logit: Float, _ logits: [Float], _ options: SamplingOptions) -> Double {
    exp(Double(logit - (logits.max() ?? 0)) / Double(options.temperature))
  }

  @Test(arguments: cases)
  func frequenciesAreTheProbabilities(test: Case) throws {
    var generator = SeededGenerator(seed: 5)
    var logits = (0..<40).map { _ in Float.random(in: -3..<3, using: &generator) }
    for index in stride(from: 0, to: 40, by: 3) { logits[index] = -.infinity }
    // Of two equal logits, the one with the lower id ranks first.
    logits[20] = logits[10]
    let expected = probabilities(logits, test.options)
    let sampler = Sampler(test.options, capacity: 64)
    let draws = 20_000
    var counts = [Int](repeating: 0, count: logits.count)
    for _ in 0..<draws {
      let chosen = logits.withUnsafeBufferPointer { sampler.choose($0, using: &generator) }
      if let chosen { counts[chosen] += 1 }
    }
    for (index, probability) in expected.enumerated() {
      let deviation = (probability * (1 - probability) / Double(draws)).squareRoot()
      #expect(
        abs(Double(counts[index]) / Double(draws) - probability) <= 5 * deviation,
        "\(index) was chosen \(counts[index]) times, and should be at a rate of \(probability)")
    }
  }

  @Test(arguments: [.nan, .infinity, -.infinity] as [Float])
  func logitsThatAreNotFiniteAreRefused(logit: Float) {
    var generator = SeededGenerator(seed: 6)
    let sampler = Sampler(SamplingOptions(), capacity: 5)
    let chosen = [Float](repeating: logit, count: 5).withUnsafeBufferPointer { sampler.choose($0, using: &generator) }
    #expect(chosen == nil)
  }
}
