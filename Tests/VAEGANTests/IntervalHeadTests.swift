import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct IntervalHeadTests {
  /// What the keyboard adds to the logits moves with it, key by key and for starts and ends alike, and ends at the keyboard's.
  @Test func movesWithTheKeys() throws {
    let model = try model()
    // The blocks hear nothing of the keyboard, so that all difference comes from the head.
    for parameter in model.parameters.parameters where parameter.name?.hasSuffix("planes.weight") == true {
      try parameter.scale(by: 0)
    }
    try Gradients.unrecorded {
      let latents = try #require(try model.infer(batch([]), using: Generator(seed: 2), training: false)).latents
      func logits(_ pitches: [UInt16]) throws -> [Float] {
        Array(try model.logits(batch(pitches), latents: latents).floats().suffix(Configuration.Vocabulary.logitCount))
      }
      let silent = try logits([])
      let added = zip(try logits([60, 64]), silent).map { $0 - $1 }
      let moved = zip(try logits([65, 69]), silent).map { $0 - $1 }
      for kind in [0, 128] {
        for key in 0..<123 { #expect(abs(added[kind + key] - moved[kind + key + 5]) < 1e-4, "\(kind + key)") }
        #expect(added[kind + 48..<kind + 77].allSatisfy { abs($0) > 1e-6 })
        #expect(
          added[kind..<kind + 48].allSatisfy { abs($0) < 1e-6 }
            && added[kind + 77..<kind + 128].allSatisfy { abs($0) < 1e-6 })
      }
      #expect(added[256...].allSatisfy { abs($0) < 1e-6 })
      // At the edge of the keyboard the keys that are not there add nothing.
      #expect(zip(try logits([126]), silent).map { $0 - $1 }[128..<128 + 114].allSatisfy { abs($0) < 1e-6 })
    }
  }

  /// A window of shifts alone, before which keys were struck that still sound.
  private func batch(_ pitches: [UInt16]) throws -> Batch {
    var window = TokenWindow(tokens: Array(repeating: 300, count: 64))
    for token in [770] + pitches { window.start.apply(token) }
    return try Batch([window], multiple: 64)
  }
}
