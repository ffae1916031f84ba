public import ModelFormat
public import MusicFeatures
internal import Synchronization

/// A trained model in memory, whose weights any number of streams can share.
///
///     let model = try Model(path: "aurl-small.safetensors")
///     let latents = model.prior?.sample(using: &generator)
///     let posterior = model.encode(window)
///
/// The network is described in `docs/model.md`. Weights are copied from the mapped file, in the file's precision, into
/// the order in which they are read; those of the encoder when it is first used.
public final class Model: Sendable {
  /// The metadata of its file.
  public let metadata: ModelMetadata
  /// The instructions that it computes with.
  public let instructions: InstructionSet
  /// The prior of the latents; nil for a model without latents.
  public let prior: Prior?
  /// The model of chord charts; nil for a model that reads none.
  let charts: ChartNetwork?

  let kernels: Kernels
  let decoder: Decoder
  let rotary: Rotary
  private let encoder: Mutex<EncoderSource>

  private enum EncoderSource: Sendable {
    case file(ModelFile)
    case ready(Encoder)
  }

  /// The dimensions of the model.
  public var configuration: Configuration { metadata.configuration }

  /// Loads a model from a file.
  ///
  /// - Throws: `ModelFormatError` if the file cannot be read or is not a valid model.
  public convenience init(path: String, instructions: InstructionSet = .best) throws(ModelFormatError) {
    self.init(try ModelFile(path: path), instructions: instructions)
  }

  /// Loads a model from an open file.
  ///
  /// - Precondition: The processor supports the instructions.
  public init(_ file: ModelFile, instructions: InstructionSet = .best) {
    metadata = file.metadata
    self.instructions = instructions
    let kernels = Kernels(instructions)
    self.kernels = kernels
    decoder = Decoder(file)
    rotary = Rotary(headWidth: file.configuration.headWidth)
    prior = file.configuration.latents.map { Prior(file, $0, kernels) }
    charts = file.configuration.chart.map { ChartNetwork(file, $0) }
    encoder = Mutex(.file(file))
  }

  /// The posterior of each latent window of a stretch of music. Windows are encoded independently.
  ///
  /// - Precondition: The model has latents.
  public func encodeAll(_ music: TokenWindow) -> [Posterior] {
    guard let shape = configuration.latents else { preconditionFailure("this model has no latents") }
    return music.split(every: shape.windowLength).map(encode)
  }

  /// The posterior of one latent window, of tokens 0…773, and EOS at the end of a piece.
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
    precondition((0..<Configuration.Vocabulary.count).contains(token), "\(token) is not a token of the model")
    decoder.embedding.read(token, scale: Float(configuration.width).squareRoot(), into: x, kernels)
  }
}
