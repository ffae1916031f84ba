public import ModelFormat

/// Every setting of a training run; `Setting.all` says what each means and what it may be.
public struct Settings: Codable, Hashable, Sendable {
  public var model = Model()
  public var data = Music()
  public var batch = Batch()
  public var length = Length()
  public var optimizer = Optimizer()
  public var kl = KL()
  public var decoder = Decoding()
  public var evaluation = Evaluation()
  public var checkpoints = Checkpoints()
  public var processes = Processes()
  public var run = Run()

  public init() {}

  /// A preset of `Configuration` and what differs from it.
  public struct Model: Codable, Hashable, Sendable {
    public var preset = "small"
    public var width = Configuration.small.width
    public var heads = Configuration.small.heads
    public var feedForward = Configuration.small.feedForward
    public var encoderLayers = Configuration.small.encoderLayers
    public var decoderLayers = Configuration.small.decoderLayers
    public var window = Configuration.small.window
    /// False for a plain causal decoder.
    public var isAutoencoder = true
    public var latents = Configuration.Latents()
    /// A model whose parameters training begins with.
    public var initial: String?
  }

  public struct Music: Codable, Hashable, Sendable {
    /// The dataset's folder.
    public var path: String?
    public var isAugmented = true
    /// Semitones.
    public var lowestTransposition = -5
    public var highestTransposition = 6
    /// The largest change of tempo, as a share.
    public var tempo = 0.1
    /// The largest change of velocity, in levels of the tokens.
    public var velocityLevels = 1
  }

  public struct Batch: Codable, Hashable, Sendable {
    /// Windows of one forward pass.
    public var windows = 16
    /// Forward passes of one step of the optimizer.
    public var accumulation = 1
    /// Tokens of a window at the beginning of the curriculum; nil for whole windows throughout.
    public var firstLength: Int?
    /// Steps until windows have their whole length.
    public var curriculumSteps = 2000
  }

  public struct Length: Codable, Hashable, Sendable {
    public var steps = 20_000
    public var tokens: Int?
  }

  public struct Optimizer: Codable, Hashable, Sendable {
    public var learningRate = 1.5e-3
    /// What remains of the learning rate at the end, as a share.
    public var finalShare = 0.03
    public var warmUpSteps = 500
    public var beta1 = 0.9
    public var beta2 = 0.98
    public var epsilon = 1e-8
    public var weightDecay = 0.05
    /// The norm that gradients are clipped to; nil for none.
    public var clip: Double? = 1
    /// The decay of the moving average of the parameters; nil for none.
    public var averageDecay: Double? = 0.999
  }

  public struct KL: Codable, Hashable, Sendable {
    public var schedule = KLSchedule.linear
    public var beta = 1.0
    public var freeSteps = 0
    public var rampSteps = 0
    public var growth = 5.0
    public var cycles = 4
    public var cycleRamp = 0.5
    /// Nats a window.
    public var target = 60.0
    public var gain = 0.01
    /// Nats a dimension.
    public var freeBits = 0.03
    /// Nats a latent.
    public var freeBitsGlobal = 8.0
    public var freeBitsPhrase = 4.0
    public var freeBitsLocal = 3.0
  }

  public struct Decoding: Codable, Hashable, Sendable {
    public var wordDropout = 0.0
  }

  public struct Evaluation: Codable, Hashable, Sendable {
    public var everySteps = 500
    /// Windows of the held-out pieces; nil for all.
    public var windows: Int? = 256
    /// Evaluations without a better figure before training ends; nil to go on.
    public var patience: Int?
  }

  public struct Checkpoints: Codable, Hashable, Sendable {
    public var everySteps: Int? = 1000
    public var everyMinutes: Double? = 10
  }

  /// Where several processes train together.
  public struct Processes: Codable, Hashable, Sendable {
    /// Seconds.
    public var patience = 300.0
    public var timeout = 60.0
  }

  public struct Run: Codable, Hashable, Sendable {
    public var output = "run"
    public var seed = 1
    /// `cpu`, `cuda` or `cuda:1`.
    public var device = "cpu"
    /// Nil for one a processor.
    public var threads: Int?
    public var precision = Precision.float32
    public var logEverySteps = 10
  }

  public enum Precision: String, Codable, CaseIterable, Sendable { case float32, bfloat16 }
}

extension Settings.Model {
  /// The model that is trained.
  public var configuration: Configuration {
    Configuration(
      width: width, heads: heads, feedForward: feedForward, encoderLayers: encoderLayers,
      decoderLayers: decoderLayers, window: window, latents: isAutoencoder ? latents : nil)
  }

  /// A preset as it is; nil where there is none of that name.
  public init?(preset: String) {
    guard let configuration = Configuration.presets.first(where: { $0.name == preset })?.configuration else {
      return nil
    }
    self.init()
    self.preset = preset
    width = configuration.width
    heads = configuration.heads
    feedForward = configuration.feedForward
    encoderLayers = configuration.encoderLayers
    decoderLayers = configuration.decoderLayers
    window = configuration.window
    isAutoencoder = configuration.latents != nil
    latents = configuration.latents ?? latents
  }
}
