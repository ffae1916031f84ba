internal import CKernels
internal import ModelFormat

/// The weights of the decoder: embedding, blocks with the maps of their latents, and the head tied to the embedding.
struct Decoder: @unchecked Sendable {
  // Sendable: what the pointers point to is written before the decoder exists, and never again.
  let embedding: StoredRows
  let blocks: [Block]
  /// How the latents of a position enter each block; none in a model without them.
  let latents: [AurlMatrix]
  let norm: UnsafePointer<Float>
  /// All rows of the embedding but PAD's, of which BOS' is not used.
  let head: AurlMatrix
  private let storage: Memory

  init(_ file: ModelFile) {
    let weights = WeightLoader(file) { $0.hasPrefix("decoder.") || $0 == "embedding.weight" }
    let layers = 0..<file.configuration.decoderLayers
    blocks = layers.map { Block("decoder.blocks.\($0)", from: weights) }
    norm = weights.numbers("decoder.norm.weight")
    var head = weights.matrix("embedding.weight")
    head.rows = Int32(Configuration.Vocabulary.eos + 1)
    self.head = head
    let hasLatents = file.configuration.latents != nil
    latents = hasLatents ? layers.map { weights.matrix("decoder.blocks.\($0).latents.weight") } : []
    embedding = weights.rows("embedding.weight")
    storage = weights.storage
  }
}
