package import Inference
internal import ModelFormat
package import MusicFeatures

/// How far the engines are apart on a stream of any length: past the window, attention is to the last `window` tokens.
package struct StreamDifference: Sendable {
  /// Of any logit.
  package var logits: Double
  /// At how many tokens the engines do not find the same one most probable.
  package var disagreements: Int
  /// By how much the most probable token leads the second at least: engines may disagree where this is next to none.
  package var narrowestLead: Double
}

extension Engines {
  /// The native engine continues with what is most probable, and libtorch says what it would have chosen each time. Up
  /// to the first disagreement, both choose the same.
  package func greedyDifference(steps: Int, _ latents: [Inference.Latents]) throws -> StreamDifference {
    try difference(on: TokenWindow(tokens: greedyTokens(steps, latents).map { UInt16($0) }), latents)
  }

  /// - Parameter stream: any tokens, in which EOS may be.
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
