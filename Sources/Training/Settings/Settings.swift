package import Datasets
package import ModelFormat
package import VAEGAN

/// All settings of a training run; `Setting.all` describes each and its valid values.
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

  /// A preset of `Configuration` and overrides.
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
    /// False for a decoder that reads no chord charts.
    package var readsCharts = true
    package var chart = Configuration.Chart()
    /// The path of a model whose parameters training starts from.
    package var initial: String?
    package var learningPart = Objective.Part.all
  }

  package struct Music: Codable, Hashable, Sendable {
    /// The folder of the dataset.
    package var path: String?
    package var isAugmented = true
    /// In semitones.
    package var lowestTransposition = -5
    package var highestTransposition = 6
    /// The maximum relative change of tempo.
    package var tempo = 0.1
    /// The maximum change of dynamics, in levels of the tokens.
    package var velocityLevels = 1
    /// The sampling weights of the sources.
    package var weights = SourceWeights.equal
    /// The sampling weights at the end of the run.
    package var lateWeights = SourceWeights.equal
    /// The share of the run, at its end, in which `lateWeights` are used.
    package var lateShare = 0.33
    /// The number of steps at the end without augmentation of tempo and dynamics.
    package var plainSteps = 300
    /// The share of windows that come with their chord chart.
    package var chartShare = 0.85

    /// The range of transpositions in semitones: none without augmentation.
    package var transpositions: ClosedRange<Int> {
      isAugmented ? lowestTransposition...highestTransposition : 0...0
    }
  }

  package struct Batch: Codable, Hashable, Sendable {
    /// The number of windows per forward pass.
    package var windows = 16
    /// The number of forward passes per optimizer step.
    package var accumulation = 1
    /// The window length at the beginning of the curriculum, in tokens; nil for full windows throughout.
    package var firstLength: Int?
    /// The number of steps until windows have their full length.
    package var curriculumSteps = 2000
  }

  package struct Length: Codable, Hashable, Sendable {
    package var steps = 20_000
    package var tokens: Int?
  }

  package struct Optimizer: Codable, Hashable, Sendable {
    /// The optimizer of the matrices of Transformer blocks; that of all other parameters is AdamW.
    package var matrices = MatrixOptimizer.adamW
    package var learningRate = 1.5e-3
    /// The final learning rate as a share of the maximum.
    package var finalShare = 0.03
    package var warmUpSteps = 500
    package var beta1 = 0.9
    package var beta2 = 0.98
    package var epsilon = 1e-8
    package var weightDecay = 0.05
    /// The maximum gradient norm (clipping); nil for none.
    package var clip: Double? = 1
    /// The decay of the exponential moving average of the parameters; nil for none.
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
    /// In nats per window.
    package var target = 60.0
    package var gain = 0.01
    /// In nats per dimension.
    package var freeBits = 0.03
    /// In nats per latent.
    package var freeBitsGlobal = 8.0
    package var freeBitsPhrase = 4.0
    package var freeBitsLocal = 3.0
  }

  package struct Decoding: Codable, Hashable, Sendable {
    package var wordDropout = 0.0
  }

  package struct Evaluation: Codable, Hashable, Sendable {
    package var everySteps = 500
    /// The number of held-out windows; nil for all.
    package var windows: Int? = 256
    /// The number of evaluations without improvement before training stops early; nil for never.
    package var patience: Int?
  }

  package struct Checkpoints: Codable, Hashable, Sendable {
    package var everySteps: Int? = 1000
    package var everyMinutes: Double? = 10
  }

  /// Settings of distributed training.
  package struct Processes: Codable, Hashable, Sendable {
    /// The time to wait for the other processes to start, in seconds.
    package var joinTimeout = 300.0
    /// The time to wait for the other processes at each step, in seconds.
    package var timeout = 60.0
  }

  package struct Run: Codable, Hashable, Sendable {
    package var output = "run"
    package var seed = 1
    /// `cpu`, `cuda` or `cuda:1`.
    package var device = "cpu"
    /// The number of threads; nil for one per CPU core.
    package var threads: Int?
    package var precision = Precision.float32
    package var logEverySteps = 10
  }

  /// Settings of training a critic, which separates takes of a model from real music.
  package struct Critic: Codable, Hashable, Sendable {
    /// The path of the model whose takes it is trained on.
    package var model: String?
    /// The folder of the run whose critic's parameters it begins with; nil for random ones.
    package var initial: String?
    package var width = CriticConfiguration().width
    package var heads = CriticConfiguration().heads
    package var feedForward = CriticConfiguration().feedForward
    package var layers = CriticConfiguration().layers
    package var loss = AdversarialLoss.crossEntropy
    /// The number of stretches of real music, and of takes, per step.
    package var stretches = 8
    /// The number of takes in the pool that stretches are cut from.
    package var takes = 32
    /// The number of new takes per step, which replace the oldest.
    package var freshTakes = 2
    /// The number of tokens of the prompt of a take, and of the take after it.
    package var promptTokens = 256
    package var takeTokens = 896
    /// The share of takes without a prompt.
    package var openings = 0.5
    package var temperature = 1.0
    package var topP = 0.98
    package var tonality = 1.0
    package var repetitionPenalty = 0.5
    package var recurrence = 0.9
    package var steadiness = 1.0
    /// In seconds.
    package var longestNote = 8.0
    package var steps = 800
    package var learningRate = 1e-3
    package var warmUpSteps = 50
    /// The shares of the steps after which the phrase tower, and then the global tower, are trained too.
    package var phraseShare = 0.15
    package var globalShare = 0.35
    /// The accuracy of a tower at which the next stage begins early.
    package var stageAccuracy = 0.95
    package var normIterations = 3
    /// The weight of the gradient penalty, where it applies, and its interval in steps.
    package var slopePenalty = 0.1
    package var slope = SlopePenalty.real
    package var slopeEverySteps = 16
    /// The number of held-out stretches of each side, half of them for calibration.
    package var heldOut = 400
    package var evaluateEverySteps = 200
  }

  /// Settings of adversarial fine-tuning.
  package struct Adversarial: Codable, Hashable, Sendable {
    /// The folder of the run that trained the critic, for the same model and data.
    package var critic: String?
    package var steps = 200
    /// The number of takes per step that the model learns from, in groups that continue the same music.
    package var takes = 16
    package var group = 4
    /// The number of takes that are sampled for each group, of which those with the most extreme returns are kept.
    package var rollouts = 12
    /// The share of groups without a prompt.
    package var openings = 0.75
    package var learningRate = 5e-5
    package var criticLearningRate = 1e-4
    package var gradient = AdversarialGradient.policy
    /// The number of takes, and of passages of real music, that the context critic is fitted to: the latest ones.
    package var contextTakes = 500
    /// The number of tokens of relaxed takes, when all towers are trained.
    package var relaxedTokens = 256
    package var relaxedTemperature = 1.0
    /// The factor of gradients of later tokens with respect to earlier ones.
    package var relaxedFeedback = 0.0
    /// The factor of the log-likelihood ratio in the logit of the discriminator.
    package var ratioScale = 1.0
    /// The weights of the policy gradient or the adversarial loss, and of the other terms of the generator's loss.
    package var weight = 0.2
    package var featureMatchingWeight = 10.0
    package var perceptualWeight = 0.005
    package var likelihoodWeight = 1.0
    /// Whether terms are weighted by their learned uncertainty, too.
    package var learnsWeights = false
    /// The shares of the steps in which only the local tower is used, and before all are.
    package var phraseShare = 0.0
    package var globalShare = 0.0
    /// The number of the critic's steps for each of the model's.
    package var criticSteps = 1
    /// The discount factor from one local stretch to the one before it.
    package var discount = 0.8
    /// The maximum KL from the initial model, in nats per token.
    package var divergenceLimit = 0.05
    /// The minimum diversity of takes relative to the initial one.
    package var diversityLimit = 0.9

    /// The number of groups per step.
    package var groups: Int { max(1, takes / group) }
  }

  package enum MatrixOptimizer: String, Codable, CaseIterable, Sendable {
    case adamW
    /// Orthogonalized momentum (Jordan 2024).
    case muon
  }

  /// Where a critic's gradient penalty applies.
  package enum SlopePenalty: String, Codable, CaseIterable, Sendable {
    /// At real music: R1 (Mescheder 2018).
    case real
    /// At real music and at takes: R1 and R2.
    case both
    /// On lines between real music and takes, where the norm is to be 1: WGAN-GP (Gulrajani 2017).
    case between
  }

  /// What teaches a model in adversarial training.
  package enum AdversarialGradient: String, Codable, CaseIterable, Sendable {
    /// By the policy gradient of takes of the native engine (Williams 1992).
    case policy
    /// Through relaxed tokens (straight-through Gumbel-softmax, Jang 2017).
    case relaxed
    /// By the policy gradient of takes with the user's sampling, and a critic on the states of the initial model's decoder.
    case context
    /// The likelihood ratio of the model and its initial state, without a critic (Zheng 2025).
    case ratio

    /// Whether it begins with a critic that was trained before.
    package var needsCritic: Bool { self == .policy || self == .relaxed }
  }

  package enum Precision: String, Codable, CaseIterable, Sendable { case float32, bfloat16 }
}

extension Settings.Critic {
  /// The configuration of the critic.
  package var configuration: CriticConfiguration {
    CriticConfiguration(width: width, heads: heads, feedForward: feedForward, layers: layers)
  }
}

extension Settings.Model {
  /// The configuration of the model.
  package var configuration: Configuration {
    Configuration(
      width: width, heads: heads, feedForward: feedForward, encoderLayers: encoderLayers,
      decoderLayers: decoderLayers, window: window, latents: isAutoencoder ? latents : nil,
      chart: readsCharts ? chart : nil)
  }

  /// The settings of a preset without overrides; nil if there is no preset of that name.
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
    readsCharts = configuration.chart != nil
    chart = configuration.chart ?? chart
  }
}
