package import Datasets
package import ModelFormat
package import VAEGAN

/// Every setting of a training run; `Setting.all` says what each means and what it may be.
package struct Settings: Codable, Hashable, Sendable {
  package var model = Model()
  package var data = Music()
  package var batch = Batch()
  package var length = Length()
  package var optimizer = Optimizer()
  package var kl = KL()
  package var decoder = Decoding()
  package var evaluation = Evaluation()
  package var checkpoints = Checkpoints()
  package var processes = Processes()
  package var run = Run()
  package var critic = Critic()
  package var adversarial = Adversarial()

  package init() {}

  /// A preset of `Configuration` and what differs from it.
  package struct Model: Codable, Hashable, Sendable {
    package var preset = "small"
    package var width = Configuration.small.width
    package var heads = Configuration.small.heads
    package var feedForward = Configuration.small.feedForward
    package var encoderLayers = Configuration.small.encoderLayers
    package var decoderLayers = Configuration.small.decoderLayers
    package var window = Configuration.small.window
    /// False for a plain causal decoder.
    package var isAutoencoder = true
    package var latents = Configuration.Latents()
    /// A model whose parameters training begins with.
    package var initial: String?
    package var learningPart = Objective.Part.all
  }

  package struct Music: Codable, Hashable, Sendable {
    /// The dataset's folder.
    package var path: String?
    package var isAugmented = true
    /// Semitones.
    package var lowestTransposition = -5
    package var highestTransposition = 6
    /// The largest change of tempo, as a share.
    package var tempo = 0.1
    /// The largest change of velocity, in levels of the tokens.
    package var velocityLevels = 1
    /// How often the pieces of a source are heard.
    package var weights = SourceWeights.equal
    /// The same at the end of the run.
    package var lateWeights = SourceWeights.equal
    /// The share of the run in which `lateWeights` count.
    package var lateShare = 0.33
    /// Steps at the end in which tempo and velocity are not changed.
    package var plainSteps = 300
  }

  package struct Batch: Codable, Hashable, Sendable {
    /// Windows of one forward pass.
    package var windows = 16
    /// Forward passes of one step of the optimizer.
    package var accumulation = 1
    /// Tokens of a window at the beginning of the curriculum; nil for whole windows throughout.
    package var firstLength: Int?
    /// Steps until windows have their whole length.
    package var curriculumSteps = 2000
  }

  package struct Length: Codable, Hashable, Sendable {
    package var steps = 20_000
    package var tokens: Int?
  }

  package struct Optimizer: Codable, Hashable, Sendable {
    package var learningRate = 1.5e-3
    /// What remains of the learning rate at the end, as a share.
    package var finalShare = 0.03
    package var warmUpSteps = 500
    package var beta1 = 0.9
    package var beta2 = 0.98
    package var epsilon = 1e-8
    package var weightDecay = 0.05
    /// The norm that gradients are clipped to; nil for none.
    package var clip: Double? = 1
    /// The decay of the moving average of the parameters; nil for none.
    package var averageDecay: Double? = 0.999
  }

  package struct KL: Codable, Hashable, Sendable {
    package var schedule = KLSchedule.linear
    package var beta = 1.0
    package var freeSteps = 0
    package var rampSteps = 0
    package var growth = 5.0
    package var cycles = 4
    package var cycleRamp = 0.5
    /// Nats a window.
    package var target = 60.0
    package var gain = 0.01
    /// Nats a dimension.
    package var freeBits = 0.03
    /// Nats a latent.
    package var freeBitsGlobal = 8.0
    package var freeBitsPhrase = 4.0
    package var freeBitsLocal = 3.0
  }

  package struct Decoding: Codable, Hashable, Sendable {
    package var wordDropout = 0.0
  }

  package struct Evaluation: Codable, Hashable, Sendable {
    package var everySteps = 500
    /// Windows of the held-out pieces; nil for all.
    package var windows: Int? = 256
    /// Evaluations without a better figure before training ends; nil to go on.
    package var patience: Int?
  }

  package struct Checkpoints: Codable, Hashable, Sendable {
    package var everySteps: Int? = 1000
    package var everyMinutes: Double? = 10
  }

  /// Where several processes train together.
  package struct Processes: Codable, Hashable, Sendable {
    /// How long a process waits for the others to start, in seconds.
    package var joinTimeout = 300.0
    /// How long it then waits for them at each step, in seconds.
    package var timeout = 60.0
  }

  package struct Run: Codable, Hashable, Sendable {
    package var output = "run"
    package var seed = 1
    /// `cpu`, `cuda` or `cuda:1`.
    package var device = "cpu"
    /// Nil for one a processor.
    package var threads: Int?
    package var precision = Precision.float32
    package var logEverySteps = 10
  }

  /// A critic, which learns to tell takes of a model from real music.
  package struct Critic: Codable, Hashable, Sendable {
    /// The model whose takes it hears.
    package var model: String?
    package var width = CriticConfiguration().width
    package var heads = CriticConfiguration().heads
    package var feedForward = CriticConfiguration().feedForward
    package var layers = CriticConfiguration().layers
    package var loss = AdversarialLoss.crossEntropy
    /// Stretches of real music, and as many of takes, in a step.
    package var stretches = 8
    /// Takes that stretches are cut out of at a time.
    package var takes = 32
    /// New takes in a step, which replace the oldest.
    package var freshTakes = 2
    /// Tokens of real music that a take goes on from, and tokens of the take after them.
    package var promptTokens = 256
    package var takeTokens = 896
    /// The share of takes that begin from nothing.
    package var openings = 0.5
    package var temperature = 1.0
    package var topP = 0.98
    package var tonality = 0.5
    package var repetitionPenalty = 0.5
    /// Seconds.
    package var longestNote = 8.0
    package var steps = 800
    package var learningRate = 1e-3
    package var warmUpSteps = 50
    /// The share of the steps after which the phrase tower learns too, and that after which all do.
    package var phraseShare = 0.15
    package var globalShare = 0.35
    /// How many of a tower's windows must be told apart for the next stage to begin earlier.
    package var stageAccuracy = 0.95
    package var normIterations = 3
    /// The weight of the squared slope at real music, and every how many steps it counts.
    package var slopePenalty = 0.1
    package var slopeEverySteps = 16
    /// Stretches of each side that it is measured on, half of them to calibrate it.
    package var heldOut = 400
    package var evaluateEverySteps = 200
  }

  /// How a critic teaches a model.
  package struct Adversarial: Codable, Hashable, Sendable {
    /// The folder of the run that trained the critic, for the same model and data.
    package var critic: String?
    package var steps = 200
    /// Takes of a step, in groups that go on from the same music.
    package var takes = 32
    package var group = 4
    package var learningRate = 5e-5
    package var criticLearningRate = 1e-4
    /// The weights of the policy gradient and of the bound of real music.
    package var weight = 0.2
    package var likelihoodWeight = 1.0
    /// How much the logit of a local stretch counts for the one before it.
    package var discount = 0.8
    /// Nats a token that the model may go from where it began.
    package var divergenceLimit = 0.05
    /// The share of its first diversity that takes must keep.
    package var diversityLimit = 0.9
  }

  package enum Precision: String, Codable, CaseIterable, Sendable { case float32, bfloat16 }
}

extension Settings.Critic {
  /// The critic that is trained.
  package var configuration: CriticConfiguration {
    CriticConfiguration(width: width, heads: heads, feedForward: feedForward, layers: layers)
  }
}

extension Settings.Model {
  /// The model that is trained.
  package var configuration: Configuration {
    Configuration(
      width: width, heads: heads, feedForward: feedForward, encoderLayers: encoderLayers,
      decoderLayers: decoderLayers, window: window, latents: isAutoencoder ? latents : nil)
  }

  /// A preset as it is; nil where there is none of that name.
  package init?(preset: String) {
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
