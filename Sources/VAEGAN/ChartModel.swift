internal import Layers
internal import ModelFormat
package import MusicCore
internal import MusicFeatures
package import Tensors

/// The model of chord charts: a causal Transformer over `ChartTokens`, whose embedding is also its output layer.
package struct ChartModel {
  private let configuration: Configuration.Chart
  private let embedding: Tensor
  private let places: Tensor
  private let blocks: [Block]
  private let norm: RMSNorm
  private let rotary: RotaryPositions

  init(_ scope: Scope, _ configuration: Configuration.Chart) throws(TensorError) {
    self.configuration = configuration
    let width = configuration.width
    embedding = try scope["embedding"].parameter("weight", [ChartTokens.count, width], .scaled(inputs: width))
    places = try scope.parameter("places", [ChartTokens.placeCount, width], .normal(1))
    blocks = try (0..<configuration.layers).map { layer throws(TensorError) in
      try Block(
        scope["blocks"][layer], width: width, heads: configuration.heads, inner: configuration.feedForward,
        depth: configuration.layers)
    }
    norm = try RMSNorm(scope["norm"], width)
    rotary = try RotaryPositions(
      positions: configuration.window, headWidth: width / configuration.heads, on: scope.device)
  }

  /// −log p of charts.
  package struct Loss {
    /// The sum over all charts, in nats. Scalar.
    package let nats: Tensor
    /// The number of chords.
    package let chords: Int
  }

  /// The loss of charts; nil if none has a chord. Of a chart that exceeds the window the rest is left out.
  package func loss(_ charts: [ChordChart]) throws(TensorError) -> Loss? {
    let sequences = charts.map { ChartTokens.elements(of: $0).prefix(configuration.window + 1) }
    let length = (sequences.map(\.count).max() ?? 0) - 1
    guard length > 0 else { return nil }
    let ignored = ChartTokens.count
    var (targets, ids, places): ([Int64], [Int64], [Int64]) = ([], [], [])
    for sequence in sequences {
      for index in 0..<length {
        let isInside = index + 1 < sequence.count
        targets.append(Int64(isInside ? sequence[index + 1].id : ignored))
        ids.append(Int64(isInside ? sequence[index].id : 0))
        places.append(Int64(isInside ? sequence[index].nextPlace : 0))
      }
    }
    let shape = [charts.count, length]
    let logits = try logits(
      Tensor(ids, shape, on: embedding.device, name: "chart ids"),
      places: Tensor(places, shape, on: embedding.device, name: "chart places"))
    let nats = try logits.reshaped([charts.count * length, ChartTokens.count])
      .crossEntropy(Tensor(targets, [targets.count], on: embedding.device, name: "chart targets"), ignoring: ignored)
    return Loss(
      nats: try nats.sum(), chords: sequences.joined().count { ChartTokens.Kind.chord.ids.contains($0.id) })
  }

  /// 0, with a gradient of zero: the loss of no charts.
  package func zero() throws(TensorError) -> Tensor { try embedding.sum() * 0 }

  /// The logits of the token after each: [b, n, ids].
  ///
  /// - Parameters:
  ///   - ids: [b, n], n at most the window.
  ///   - places: the places in the bar that belong to the tokens after them, [b, n].
  package func logits(_ ids: Tensor, places: Tensor) throws(TensorError) -> Tensor {
    var hidden =
      try embedding.embedding(ids) * Double(configuration.width).squareRoot() + self.places.embedding(places)
    for block in blocks { hidden = try block(hidden, rotary: rotary, causal: true) }
    return try norm(hidden).linear(embedding).converted(to: .float32)
  }
}
