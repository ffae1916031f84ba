internal import CKernels
internal import ModelFormat

/// The weights of the decoder: embedding, blocks with the maps of their latents, and the head tied to the embedding.
struct Decoder: @unchecked Sendable {
  // Sendable: the memory behind the pointers is immutable once the decoder exists.
  let embedding: StoredRows
  /// The projection of the keyboard state that is added to the embedding of a token.
  let planes: AurlMatrix
  /// The projection of the chord chart that is added too; nil in a decoder that reads none.
  let chart: AurlMatrix?
  /// The map from a hidden state to the weights of what a pitch class is in the chords; nil without charts.
  let chords: AurlMatrix?
  let blocks: [Block]
  /// The projection of a position's latents in each block; empty in a model without latents.
  let latents: [AurlMatrix]
  let norm: UnsafePointer<Float>
  /// All rows of the embedding except that of PAD; the row of BOS is not used.
  let head: AurlMatrix
  /// The map from a hidden state to the weights of the key planes around each key.
  let intervals: AurlMatrix
  private let storage: Arena

  init(_ file: ModelFile) {
    let weights = WeightLoader(file) { $0.hasPrefix("decoder.") || $0 == "embedding.weight" }
    planes = weights.matrix("decoder.planes.weight")
    chart = file.configuration.chart.map { _ in weights.matrix("decoder.chart.weight") }
    chords = file.configuration.chart.map { _ in weights.matrix("decoder.chords.weight") }
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
