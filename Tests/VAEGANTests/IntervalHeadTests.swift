import Layers
import ModelFormat
import MusicFeatures
import Tensors
import Testing
import VAEGAN

struct IntervalHeadTests {
  /// The contribution of the keyboard state to the logits of note-ons and note-offs is equivariant to transposition.
  @Test func isEquivariantToTransposition() throws {
    let model = try model()
    // The blocks do not get the keyboard state, so that all differences come from the head.
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
      // At the edge of the keyboard, keys beyond it contribute nothing.
      #expect(zip(try logits([126]), silent).map { $0 - $1 }[128..<128 + 114].allSatisfy { abs($0) < 1e-6 })
    }
  }

  /// A window of time shifts that begins while the given pitches sound.
  private func batch(_ pitches: [UInt16]) throws -> Batch {
    var window = TokenWindow(tokens: Array(repeating: 300, count: 64))
    for token in [770] + pitches { window.start.apply(token) }
    return try Batch([window], multiple: 64)
  }
}
