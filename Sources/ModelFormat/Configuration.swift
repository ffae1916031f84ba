internal import MusicFeatures
internal import MusicTokens

/// The hyper-parameters of a model: with them, the names and shapes of all its tensors are known.
///
/// `docs/model.md` defines the network they describe.
public struct Configuration: Codable, Hashable, Sendable {
  /// The width d of embeddings and hidden states.
  public var width: Int
  /// Attention heads of every block; divides `width` into head widths that are even.
  public var heads: Int
  /// The width of the feed-forward layers.
  public var feedForward: Int
  public var encoderLayers: Int
  public var decoderLayers: Int
  /// The longest sequence that training sees, in tokens; a position attends to as many before it.
  public var window: Int
  /// Nil for a plain causal decoder, which has no encoder either.
  public var latents: Latents?

  /// The latents of music at three scales.
  public struct Latents: Codable, Hashable, Sendable {
    /// Dimensions of the latent of a latent window.
    public var global: Int
    /// Dimensions of the latent of a phrase.
    public var phrase: Int
    /// Dimensions of the latent of a local segment.
    public var local: Int
    /// Tokens that one global latent is for; divides the window.
    public var windowLength: Int
    /// Tokens of a phrase; divides `windowLength`.
    public var phraseLength: Int
    /// Tokens of a local segment; divides the phrase.
    public var localLength: Int
    public var prior: Prior
    public var mixtureComponents: Int
    public var flowLayers: Int
    /// Whether BatchNorm acts on the posterior means (Zhu 2020).
    public var normalizeMeans: Bool
    public var plan: Plan

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

    /// What a position of the decoder sees of all levels.
    public var total: Int { global + phrase + local }

    /// Phrases of a latent window.
    public var phrasesPerWindow: Int { windowLength / phraseLength }
    /// Local segments of a phrase.
    public var localsPerPhrase: Int { phraseLength / localLength }
    /// Latents of a latent window, one after the other: the global one, then each phrase followed by its local ones.
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

  /// The causal network over the latents in their order, which tells the prior what came before.
  public struct Plan: Codable, Hashable, Sendable {
    public var width: Int
    public var heads: Int
    public var feedForward: Int
    public var layers: Int
    /// How many latent windows it looks at, the one that is planned included.
    public var windows: Int

    public init(width: Int = 128, heads: Int = 4, feedForward: Int = 512, layers: Int = 2, windows: Int = 8) {
      self.width = width
      self.heads = heads
      self.feedForward = feedForward
      self.layers = layers
      self.windows = windows
    }
  }

  /// The prior of the first global latent.
  public enum Prior: String, Codable, CaseIterable, Sendable {
    case standard, mixture, flow
  }

  /// The scales of the latents, from the whole window down.
  public enum Level: String, Codable, CaseIterable, Sendable {
    case global, phrase, local
  }

  public init(
    width: Int, heads: Int, feedForward: Int, encoderLayers: Int, decoderLayers: Int, window: Int, latents: Latents?
  ) {
    self.width = width
    self.heads = heads
    self.feedForward = feedForward
    self.encoderLayers = encoderLayers
    self.decoderLayers = decoderLayers
    self.window = window
    self.latents = latents
  }

  public var headWidth: Int { width / heads }
}

extension Configuration {
  /// A model for tests: every part of it is there, and 200 steps of training take seconds.
  public static let tiny = Configuration(
    width: 64, heads: 4, feedForward: 256, encoderLayers: 1, decoderLayers: 2, window: 128,
    latents: Latents(
      global: 16, phrase: 8, local: 4, windowLength: 128, phraseLength: 64, localLength: 16,
      plan: Plan(width: 32, heads: 2, feedForward: 64, layers: 1, windows: 3)))
  /// The model for playing live on one core: 5 million parameters in the decoder.
  public static let small = Configuration(
    width: 256, heads: 8, feedForward: 1024, encoderLayers: 4, decoderLayers: 6, window: 1024, latents: Latents())
  /// A larger model for machines with more to give.
  public static let base = Configuration(
    width: 384, heads: 8, feedForward: 1536, encoderLayers: 6, decoderLayers: 8, window: 1024, latents: Latents())

  public static let presets: [(name: String, configuration: Configuration)] = [
    ("tiny", .tiny), ("small", .small), ("base", .base),
  ]
}

extension Configuration {
  /// What the interval head reads: the planes of the keys around each key.
  public enum Intervals {
    /// Semitones to each side.
    public static let reach = 12
    /// Intervals, from −`reach` to `reach`.
    public static let count = 2 * reach + 1
    /// Numbers that are weighted for each key: its planes at every interval.
    public static let inputs = KeyPlanes.perKey * count
    /// Weights of a position: those of starts, then those of ends.
    public static let weights = 2 * inputs
  }

  /// The ids that a model adds to those of `Token`.
  public enum Vocabulary {
    /// Rows of the embedding: tokens, BOS, EOS and PAD.
    public static let count = 777
    /// What precedes the first token of a window.
    public static let bos = 774
    /// The end of a piece.
    public static let eos = Int(Token.endOfPiece)
    /// Fills windows to one length.
    public static let pad = 776
    /// Logits: the tokens, then EOS.
    public static let logitCount = 775
    /// The logit of EOS.
    public static let eosLogit = 774

    /// Whether an id is a token or EOS.
    public static func isPredicted(_ id: Int) -> Bool { id >= 0 && id < bos || id == eos }
  }
}
