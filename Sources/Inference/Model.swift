public import ModelFormat
public import MusicFeatures
internal import Synchronization

/// A trained model in memory, ready to play: weights that any number of streams share.
///
///     let model = try Model(path: "aurl-small.safetensors")
///     let latents = model.prior?.sample(using: &generator)
///     let posterior = model.encode(window)
///
/// The network is that of `docs/model.md`. Weights are copied out of the mapped file, in its precision, into the order
/// in which they are read; those of the encoder only when it is first asked for.
public final class Model: Sendable {
  public let metadata: ModelMetadata
  /// The instructions that it computes with.
  public let instructions: InstructionSet
  /// Nil for a model without latents.
  public let prior: Prior?

  let kernels: Kernels
  let decoder: Decoder
  let rotary: Rotary
  private let encoder: Mutex<EncoderSource>

  private enum EncoderSource: Sendable {
    case file(ModelFile)
    case ready(Encoder)
  }

  public var configuration: Configuration { metadata.configuration }

  /// Loads the model of a file.
  ///
  /// - Throws: `ModelFormatError` where it cannot be read or is not a sound model.
  public convenience init(path: String, instructions: InstructionSet = .best) throws(ModelFormatError) {
    self.init(try ModelFile(path: path), instructions: instructions)
  }

  /// Loads the model of a file that is open.
  ///
  /// - Precondition: The machine has the instructions.
  public init(_ file: ModelFile, instructions: InstructionSet = .best) {
    metadata = file.metadata
    self.instructions = instructions
    let kernels = Kernels(instructions)
    self.kernels = kernels
    decoder = Decoder(file)
    rotary = Rotary(headWidth: file.configuration.headWidth)
    prior = file.configuration.latents.map { Prior(file, $0, kernels) }
    encoder = Mutex(.file(file))
  }

  /// What the latents of each latent window of a stretch of music may be. Windows know nothing of each other.
  ///
  /// - Precondition: The model has latents.
  public func encodeAll(_ music: TokenWindow) -> [Posterior] {
    guard let shape = configuration.latents else { preconditionFailure("this model has no latents") }
    return music.split(every: shape.windowLength).map(encode)
  }

  /// What the latents of a latent window may be: of tokens 0…773, and EOS at the end of a piece.
  ///
  /// - Precondition: The model has latents. The window has 1…`windowLength` tokens.
  public func encode(_ window: TokenWindow) -> Posterior {
    guard let prior, let shape = configuration.latents else { preconditionFailure("this model has no latents") }
    let encoder = encoder.withLock { source in
      switch source {
      case .ready(let encoder): return encoder
      case .file(let file):
        let encoder = Encoder(file, shape)
        source = .ready(encoder)
        return encoder
      }
    }
    return encoder.encode(window, self, prior)
  }

  /// The embedding of a token times √d, of `width` numbers.
  func embed(_ token: Int, into x: UnsafeMutablePointer<Float>) {
    precondition((0..<Configuration.Vocabulary.count).contains(token), "\(token) is no token of the model")
    decoder.embedding.read(token, scale: Float(configuration.width).squareRoot(), into: x, kernels)
  }
}
