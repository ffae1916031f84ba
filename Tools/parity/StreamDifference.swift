package import Inference
internal import ModelFormat
package import MusicFeatures

/// The difference between the engines on a stream of any length: beyond the window, attention covers the last `window`
/// tokens.
package struct StreamDifference: Sendable {
  /// The largest difference of any logit.
  package var logits: Double
  /// The number of positions at which the engines' most probable tokens differ.
  package var disagreements: Int
  /// The smallest margin of the most probable token over the second: engines may disagree if it is close to zero.
  package var narrowestLead: Double
}

extension Engines {
  /// The native engine decodes greedily, and libtorch reports its own choice at each step. Up to the first disagreement
  /// both choose the same.
  package func greedyDifference(steps: Int, _ latents: [Inference.Latents]) throws -> StreamDifference {
    try difference(on: TokenWindow(tokens: greedyTokens(steps, latents).map { UInt16($0) }), latents)
  }

  /// - Parameter stream: any tokens, possibly including EOS.
  package func difference(on stream: TokenWindow, _ latents: [Inference.Latents]) throws -> StreamDifference {
    let native = nativeLogits(stream, latents)
    let reference = try referenceLogits(stream, tensors(latents, length: stream.tokens.count))
    var result = StreamDifference(
      logits: largestDifference(native, reference), disagreements: 0, narrowestLead: .infinity)
    let width = Configuration.Vocabulary.logitCount
    for start in stride(from: 0, to: stream.tokens.count * width, by: width) {
      let row = native[start..<start + width]
      let best = mostProbable(row)
      if best != mostProbable(reference[start..<start + width]) { result.disagreements += 1 }
      let second = row.indices.reduce(-Float.infinity) { $1 == start + best ? $0 : max($0, row[$1]) }
      result.narrowestLead = min(result.narrowestLead, Double(row[start + best] - second))
    }
    return result
  }
}
