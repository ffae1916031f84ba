internal import CKernels
internal import ModelFormat

/// The weights of the decoder: embedding, blocks with the maps of their latents, and the head tied to the embedding.
struct Decoder: @unchecked Sendable {
  // Sendable: what the pointers point to is written before the decoder exists, and never again.
  let embedding: StoredRows
  /// What the keyboard's state adds to the embedding of a token.
  let planes: AurlMatrix
  let blocks: [Block]
  /// How the latents of a position enter each block; none in a model without them.
  let latents: [AurlMatrix]
  let norm: UnsafePointer<Float>
  /// All rows of the embedding but PAD's, of which BOS' is not used.
  let head: AurlMatrix
  /// The weights that each position gives the planes of the keys around a key.
  let intervals: AurlMatrix
  private let storage: Arena

  init(_ file: ModelFile) {
    let weights = WeightLoader(file) { $0.hasPrefix("decoder.") || $0 == "embedding.weight" }
    planes = weights.matrix("decoder.planes.weight")
    let layers = 0..<file.configuration.decoderLayers
    blocks = layers.map { Block("decoder.blocks.\($0)", BlockShape(file.configuration), from: weights) }
    norm = weights.numbers("decoder.norm.weight")
    intervals = weights.matrix("decoder.intervals.weight")
    var head = weights.matrix("embedding.weight")
    head.rows = Int32(Configuration.Vocabulary.eos + 1)
    self.head = head
    let hasLatents = file.configuration.latents != nil
    latents = hasLatents ? layers.map { weights.matrix("decoder.blocks.\($0).latents.weight") } : []
    embedding = weights.rows("embedding.weight")
    storage = weights.storage
  }
}
