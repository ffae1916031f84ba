import Foundation
import Layers
import MIDIFiles
import ModelFormat
import MusicFeatures
import MusicTokens
import Tensors
import TestSupport
import VAEGAN

/// The tokens of a piece of the project's corpus.
func corpusTokens(_ name: String) throws -> [UInt16] {
  let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(name).mid")
  return try TokenEncoder().encode(MIDIFile(bytes: Array(Data(contentsOf: path))).score).map(\.rawValue)
}

/// Excerpts of random tokens that begin while notes sound.
func stretches(_ lengths: [Int], seed: UInt64 = 1) -> [TokenWindow] { windows(lengths, seed: seed) }

/// A critic with noise added to all parameters, so that every part has an effect.
func critic(_ configuration: CriticConfiguration = .tiny, seed: UInt64 = 3) throws -> Discriminator {
  let generator = try Generator(seed: seed)
  let critic = try Discriminator(configuration, generator: generator)
  for parameter in critic.parameters.parameters {
    try parameter.accumulate(generator.normal(parameter.shape), times: 0.05)
  }
  try critic.updateNorms(iterations: 50)
  return critic
}

func input(_ stretches: [TokenWindow]) throws -> CriticInput {
  try CriticInput(stretches, multiple: CriticConfiguration.tiny.windows.global)
}

/// The `KeyPlanes` before the first token and after each, from distributions over tokens, [b, n, 774].
func softPlanes(_ tokens: Tensor, from starts: [KeyboardState]) throws -> Tensor {
  var keyboard = try SoftKeyboard(starts, on: tokens.device)
  var rows = [try keyboard.planes()]
  for position in 0..<tokens.shape[1] {
    keyboard = try keyboard.after(
      tokens.slice(1, position..<position + 1).reshaped([starts.count, tokens.shape[2]]))
    rows.append(try keyboard.planes())
  }
  return try .stack(rows, 1)
}
