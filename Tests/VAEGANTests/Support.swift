import Layers
import ModelFormat
import MusicFeatures
import Tensors
import TestSupport
import VAEGAN

/// Windows of random tokens with the given lengths, which begin while notes sound.
func windows(_ lengths: [Int], seed: UInt64 = 1) -> [TokenWindow] {
  var generator = SeededGenerator(seed: seed)
  func tokens(_ count: Int) -> [UInt16] { (0..<count).map { _ in UInt16.random(in: 0..<774, using: &generator) } }
  return lengths.map { length in
    var window = TokenWindow(tokens: tokens(length))
    for token in [770] + tokens(40) { window.start.apply(token) }
    return window
  }
}

/// A model with noise added to all parameters, so that every part has an effect.
func model(_ change: (inout Configuration) -> Void = { _ in }, seed: UInt64 = 3) throws -> VAE {
  var configuration = Configuration.tiny
  change(&configuration)
  let generator = try Generator(seed: seed)
  let model = try VAE(configuration, generator: generator)
  for parameter in model.parameters.parameters {
    try parameter.accumulate(generator.normal(parameter.shape), times: 0.05)
  }
  return model
}

func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  zip(a, b).map { abs($0 - $1) }.max() ?? .infinity
}
