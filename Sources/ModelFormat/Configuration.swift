internal import MusicCore
internal import MusicFeatures
internal import MusicTokens

/// The hyperparameters of a model, which determine the names and shapes of all its tensors.
///
/// `docs/model.md` defines the network.
public struct Configuration: Codable, Hashable, Sendable {
  /// The width d of embeddings and hidden states.
  public var width: Int
  /// Attention heads of every block; divides `width` into head widths that are even.
  public var heads: Int
  /// The width of the feed-forward layers.
  public var feedForward: Int
  /// The number of blocks of the encoder.
  public var encoderLayers: Int
  /// The number of blocks of the decoder.
  public var decoderLayers: Int
  /// The longest training sequence in tokens, and the context length: a position attends to this many tokens.
  public var window: Int
  /// The latents; nil for a plain causal decoder, which has no encoder either.
  public var latents: Latents?
  /// The model of chord charts, which the decoder follows; nil for a decoder that reads none.
  public var chart: Chart?

  /// The latents of music at three scales.
  public struct Latents: Codable, Hashable, Sendable {
    /// The dimensions of the global latent of a latent window.
    public var global: Int
    /// The dimensions of the latent of a phrase.
    public var phrase: Int
    /// The dimensions of the latent of a local segment.
    public var local: Int
    /// The tokens per global latent; divides the window.
    public var windowLength: Int
    /// The tokens of a phrase; divides `windowLength`.
    public var phraseLength: Int
    /// The tokens of a local segment; divides the phrase.
    public var localLength: Int
    /// The kind of prior of the global latent.
    public var prior: Prior
    /// The number of Gaussians of a mixture prior.
    public var mixtureComponents: Int
    /// The number of planar flows of a flow prior.
    public var flowLayers: Int
    /// Whether BatchNorm acts on the posterior means (Zhu 2020).
    public var normalizeMeans: Bool
    /// The dimensions of the plan, the causal network over the latents.
    public var plan: Plan

    /// Creates the dimensions of latents.
    public init(
      global: Int = 64, phrase: Int = 32, local: Int = 16, windowLength: Int = 512, phraseLength: Int = 128,
      localLength: Int = 32, prior: Prior = .standard, mixtureComponents: Int = 8, flowLayers: Int = 4,
      normalizeMeans: Bool = false, plan: Plan = Plan()
    ) {
      self.global = global
      self.phrase = phrase
      self.local = local
      self.windowLength = windowLength
      self.phraseLength = phraseLength
      self.localLength = localLength
      self.prior = prior
      self.mixtureComponents = mixtureComponents
      self.flowLayers = flowLayers
      self.normalizeMeans = normalizeMeans
      self.plan = plan
    }

    /// The total dimensions of the latents at a position of the decoder.
    public var total: Int { global + phrase + local }

    /// The number of phrases of a latent window.
    public var phrasesPerWindow: Int { windowLength / phraseLength }
    /// The number of local segments of a phrase.
    public var localsPerPhrase: Int { phraseLength / localLength }
    /// The number of latents of a latent window, which are ordered: the global one, then each phrase followed by its
    /// local ones.
    public var slotsPerWindow: Int { 1 + phrasesPerWindow * (1 + localsPerPhrase) }

    /// The dimensions of the latents of a level.
    public func dimensions(of level: Level) -> Int {
      switch level {
      case .global: global
      case .phrase: phrase
      case .local: local
      }
    }
  }

  /// The plan: a causal network over the latents in their order, which conditions the prior on earlier latents.
  public struct Plan: Codable, Hashable, Sendable {
    /// The width of its hidden states.
    public var width: Int
    /// The number of its attention heads.
    public var heads: Int
    /// The width of its feed-forward layers.
    public var feedForward: Int
    /// The number of its blocks.
    public var layers: Int
    /// Its context in latent windows, including the one that is predicted.
    public var windows: Int

    /// Creates the dimensions of a plan.
    public init(width: Int = 128, heads: Int = 4, feedForward: Int = 512, layers: Int = 2, windows: Int = 8) {
      self.width = width
      self.heads = heads
      self.feedForward = feedForward
      self.layers = layers
      self.windows = windows
    }
  }

  /// The model of chord charts: a causal Transformer over `ChartTokens`.
  public struct Chart: Codable, Hashable, Sendable {
    /// The width of its hidden states.
    public var width: Int
    /// The number of its attention heads.
    public var heads: Int
    /// The width of its feed-forward layers.
    public var feedForward: Int
    /// The number of its blocks.
    public var layers: Int
    /// The longest sequence in tokens.
    public var window: Int

    /// Creates the dimensions of a chart model.
    public init(width: Int = 128, heads: Int = 4, feedForward: Int = 512, layers: Int = 2, window: Int = 384) {
      self.width = width
      self.heads = heads
      self.feedForward = feedForward
      self.layers = layers
      self.window = window
    }
  }

  /// The prior of the first global latent.
  public enum Prior: String, Codable, CaseIterable, Sendable {
    case standard, mixture, flow
  }

  /// The levels of the latents, from global to local.
  public enum Level: String, Codable, CaseIterable, Sendable {
    case global, phrase, local
  }

  /// Creates a configuration.
  public init(
    width: Int, heads: Int, feedForward: Int, encoderLayers: Int, decoderLayers: Int, window: Int, latents: Latents?,
    chart: Chart? = nil
  ) {
    self.width = width
    self.heads = heads
    self.feedForward = feedForward
    self.encoderLayers = encoderLayers
    self.decoderLayers = decoderLayers
    self.window = window
    self.latents = latents
    self.chart = chart
  }

  /// The width of an attention head.
  public var headWidth: Int { width / heads }
}

extension Configuration {
  /// A model for tests: it has every part, and 200 steps of training take seconds.
  public static let tiny = Configuration(
    width: 64, heads: 4, feedForward: 256, encoderLayers: 1, decoderLayers: 2, window: 128,
    latents: Latents(
      global: 16, phrase: 8, local: 4, windowLength: 128, phraseLength: 64, localLength: 16,
      plan: Plan(width: 32, heads: 2, feedForward: 64, layers: 1, windows: 3)),
    chart: Chart(width: 32, heads: 2, feedForward: 64, layers: 1, window: 96))
  /// The model for live playing on one CPU core: 5 million parameters in the decoder.
  public static let small = Configuration(
    width: 256, heads: 8, feedForward: 1024, encoderLayers: 4, decoderLayers: 6, window: 1024, latents: Latents(),
    chart: Chart())
  /// A larger model for faster machines.
  public static let base = Configuration(
    width: 384, heads: 8, feedForward: 1536, encoderLayers: 6, decoderLayers: 8, window: 1024, latents: Latents(),
    chart: Chart(width: 192, heads: 6, feedForward: 768, layers: 3))

  /// The named configurations, the smallest first.
  public static let presets: [(name: String, configuration: Configuration)] = [
    ("tiny", .tiny), ("small", .small), ("base", .base),
  ]
}

extension Configuration {
  /// The inputs of the interval head: the planes of the keys around each key.
  public enum Intervals {
    /// The reach in semitones on either side.
    public static let reach = 12
    /// The number of intervals, from −`reach` to `reach`.
    public static let count = 2 * reach + 1
    /// The number of inputs for each key: its planes at every interval.
    public static let inputs = KeyPlanes.perKey * count
    /// The number of weights of a position: those of note starts, then those of note ends.
    public static let weights = 2 * inputs
  }

  /// The inputs of the chord head: for each pitch class the planes of the chart, and its degree in a major or minor key.
  public enum Chords {
    /// The number of inputs for each pitch class.
    public static let inputs = ChartPlanes.perClass + Key.count
    /// The number of weights of a position: those of note starts, then those of note ends.
    public static let weights = 2 * inputs
  }

  /// The vocabulary of models, which adds special ids to those of `Token`.
  public enum Vocabulary {
    /// The number of rows of the embedding: tokens, BOS, EOS and PAD.
    public static let count = 777
    /// Begin of sequence: precedes the first token of a window.
    public static let bos = 774
    /// End of sequence: the end of a piece.
    public static let eos = Int(Token.endOfPiece)
    /// Padding.
    public static let pad = 776
    /// The number of logits: the tokens, then EOS.
    public static let logitCount = 775
    /// The index of the logit of EOS.
    public static let eosLogit = 774

    /// Whether an id is a token or EOS.
    public static func isPredicted(_ id: Int) -> Bool { id >= 0 && id < bos || id == eos }
  }
}
