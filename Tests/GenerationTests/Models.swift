import Generation
import Inference
import ModelFormat
import MusicTokens
import TestSupport

/// A tiny model of random weights.
func tinyModel(_ configuration: Configuration = .tiny, seed: UInt64 = 1) throws -> Model {
  try load(SyntheticModel(configuration, seed: seed))
}

/// Writes a model to a file and loads it.
func load(_ model: SyntheticModel) throws -> Model {
  let folder = try TemporaryFolder()
  try model.write(to: folder.path("model.safetensors"))
  return try Model(path: folder.path("model.safetensors"))
}

/// Tokens from their names, separated by commas.
func tokens(_ text: String) -> [Token] {
  text.split(separator: ",").compactMap { Token(String($0)) }
}

/// All tokens of a take.
func take(_ model: Model, _ settings: GenerationSettings) throws -> [Token] {
  let session = GenerationSession(model, settings)
  var tokens: [Token] = []
  while let token = try session.next() { tokens.append(token) }
  return tokens
}

/// The encoded tokens of a random walk.
func piece(_ seed: UInt64, notes: Int = 60) throws -> [Token] {
  try TokenEncoder().encode(RandomWalk(seed, notes: 0..<notes).score)
}
