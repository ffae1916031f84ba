internal import MusicFeatures

/// The name and shape of one tensor of a model.
public struct TensorDescription: Hashable, Sendable {
  /// The name in the file.
  public let name: String
  /// The dimensions.
  public let shape: [Int]

  /// Creates a description.
  public init(_ name: String, _ shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  /// The number of numbers.
  public var count: Int { shape.reduce(1, *) }

  /// The tensors of a Transformer block.
  static func block(_ name: String, width: Int, feedForward: Int) -> [TensorDescription] {
    [
      TensorDescription(name + ".attention.norm.weight", [width]),
      TensorDescription(name + ".attention.qkv.weight", [3 * width, width]),
      TensorDescription(name + ".attention.output.weight", [width, width]),
      TensorDescription(name + ".feedForward.norm.weight", [width]),
      TensorDescription(name + ".feedForward.up.weight", [feedForward, width]),
      TensorDescription(name + ".feedForward.down.weight", [width, feedForward]),
    ]
  }
}

extension Configuration {
  /// All tensors of the model, in the order of `docs/model.md`. O(layers).
  public var tensors: [TensorDescription] {
    var list = [TensorDescription("embedding.weight", [Vocabulary.count, width])]
    if let latents {
      list.append(TensorDescription("encoder.planes.weight", [width, KeyPlanes.count]))
      for layer in 0..<encoderLayers { list += block("encoder.blocks.\(layer)") }
      list.append(TensorDescription("encoder.norm.weight", [width]))
      for level in Level.allCases { list += posterior(of: level, dimensions: latents.dimensions(of: level)) }
      list += globalPrior(latents)
      list += conditionalPrior(
        of: .phrase, parent: latents.global, dimensions: latents.phrase, positions: latents.phrasesPerWindow)
      list += conditionalPrior(
        of: .local, parent: latents.phrase, dimensions: latents.local, positions: latents.localsPerPhrase)
      list += plan(latents)
    }
    list.append(TensorDescription("decoder.planes.weight", [width, KeyPlanes.count]))
    list.append(TensorDescription("decoder.intervals.weight", [Intervals.weights, width]))
    for layer in 0..<decoderLayers {
      if let latents {
        list.append(TensorDescription("decoder.blocks.\(layer).latents.weight", [width, latents.total]))
      }
      list += block("decoder.blocks.\(layer)")
    }
    list.append(TensorDescription("decoder.norm.weight", [width]))
    if let chart {
      list.append(TensorDescription("decoder.chart.weight", [width, ChartPlanes.count]))
      list.append(TensorDescription("decoder.chords.weight", [Chords.weights, width]))
      list += chartModel(chart)
    }
    return list
  }

  private func chartModel(_ chart: Chart) -> [TensorDescription] {
    var list = [
      TensorDescription("chart.embedding.weight", [ChartTokens.count, chart.width]),
      TensorDescription("chart.places", [ChartTokens.placeCount, chart.width]),
    ]
    for layer in 0..<chart.layers {
      list += TensorDescription.block("chart.blocks.\(layer)", width: chart.width, feedForward: chart.feedForward)
    }
    list.append(TensorDescription("chart.norm.weight", [chart.width]))
    return list
  }

  private func block(_ name: String) -> [TensorDescription] {
    TensorDescription.block(name, width: width, feedForward: feedForward)
  }

  private func posterior(of level: Level, dimensions: Int) -> [TensorDescription] {
    let name = "encoder.\(level)"
    var list = [
      TensorDescription(name + ".pooling.query", [width]),
      TensorDescription(name + ".pooling.keyValue.weight", [2 * width, width]),
      TensorDescription(name + ".posterior.hidden.weight", [width, width]),
      TensorDescription(name + ".posterior.hidden.bias", [width]),
      TensorDescription(name + ".posterior.output.weight", [2 * dimensions, width]),
      TensorDescription(name + ".posterior.output.bias", [2 * dimensions]),
    ]
    if latents?.normalizeMeans == true {
      list += ["bias", "mean", "variance"].map { TensorDescription(name + ".normalization.\($0)", [dimensions]) }
    }
    return list
  }

  private func globalPrior(_ latents: Latents) -> [TensorDescription] {
    switch latents.prior {
    case .standard: return []
    case .mixture:
      let shape = [latents.mixtureComponents, latents.global]
      return [
        TensorDescription("prior.global.mixture.logits", [latents.mixtureComponents]),
        TensorDescription("prior.global.mixture.means", shape),
        TensorDescription("prior.global.mixture.logVariances", shape),
      ]
    case .flow:
      return (0..<latents.flowLayers).flatMap { layer in
        let name = "prior.global.flow.\(layer)"
        return [
          TensorDescription(name + ".u", [latents.global]),
          TensorDescription(name + ".w", [latents.global]),
          TensorDescription(name + ".b", [1]),
        ]
      }
    }
  }

  private func plan(_ latents: Latents) -> [TensorDescription] {
    let (name, plan) = ("prior.plan", latents.plan)
    var list = [
      TensorDescription(name + ".start", [plan.width]),
      TensorDescription(name + ".slots", [latents.slotsPerWindow, plan.width]),
    ]
    for layer in 0..<plan.layers {
      list += TensorDescription.block("\(name).blocks.\(layer)", width: plan.width, feedForward: plan.feedForward)
    }
    list.append(TensorDescription(name + ".norm.weight", [plan.width]))
    for level in Level.allCases {
      let dimensions = latents.dimensions(of: level)
      list.append(TensorDescription("\(name).\(level).input.weight", [plan.width, dimensions]))
      list.append(TensorDescription("\(name).\(level).output.weight", [2 * dimensions, plan.width]))
    }
    return list
  }

  private func conditionalPrior(
    of level: Level, parent: Int, dimensions: Int, positions: Int
  ) -> [TensorDescription] {
    let name = "prior.\(level)"
    return [
      TensorDescription(name + ".parent.weight", [width, parent]),
      TensorDescription(name + ".position", [positions, width]),
      TensorDescription(name + ".output.weight", [2 * dimensions, width]),
      TensorDescription(name + ".output.bias", [2 * dimensions]),
    ]
  }
}
