internal import MusicCore

/// The results of an evaluation, as `aurl evaluate --json` prints them. Figures without data are nil.
package struct EvaluationDocument: Encodable, Sendable {
  package private(set) var schema = "aurl-evaluation/1"
  /// Nil if only takes are evaluated.
  package var model: Model?
  package var music: Music
  package var settings: Settings

  // MARK: The main figures without intervals

  /// The importance-weighted bound, or the likelihood for a model without latents.
  package var natsPerToken: Double?
  package var natsPerNote: Double?
  package var bitsPerSecond: Double?
  /// In nats per token.
  package var elbo: Double?
  /// In nats per token.
  package var baselines = Baselines()

  // MARK: All figures

  package var likelihood: [Predictor: LikelihoodReport] = [:]
  /// The difference between each baseline and the model, in nats per token.
  package var baselineCost: [Predictor: Estimate] = [:]
  package var reconstruction: ReconstructionReport?
  /// The agreement of each window with the reconstruction of another one, as a chance level.
  package var reconstructionByChance: ReconstructionReport?
  package var latents: LatentReport?
  /// The grammar of samples that were generated without masking.
  package var grammar: Grammar?
  package var overlapArea: [TakeFeatures.Name: Likeness]?
  package var divergenceNats: [TakeFeatures.Name: Likeness]?
  package var takes: Takes?
  package var memorization: MemorizationReport?
  /// The number of excerpts that takes are compared with.
  package var excerpts: Excerpts?
  package var coherence: CoherenceReport?
  package var judge: JudgeReport?
  package var diversity: DiversityReport?
}

extension EvaluationDocument {
  /// The models and bounds whose likelihood is reported.
  package enum Predictor: String, CaseIterable, Codable, CodingKeyRepresentable {
    case importanceWeighted, elbo, exact
    case uniform, unigram, kneserNey5, decoderOnly
  }

  package struct Model: Encodable, Sendable {
    package var file: String
    /// The number of optimizer steps of its training.
    package var step: Int
    /// The hash of the dataset that it was trained on.
    package var dataHash: String
    package var decoderOnly: String?

    package init(file: String, step: Int, dataHash: String, decoderOnly: String?) {
      self.file = file
      self.step = step
      self.dataHash = dataHash
      self.decoderOnly = decoderOnly
    }
  }

  package struct Music: Encodable, Sendable {
    package var folder: String
    package var pieces: Int
    package var skipped: Int
    /// The number of windows that were evaluated, and of all windows; nil without a model.
    package var windows: Int?
    package var windowsOfAll: Int?
    package var tokens: Int
    package var notes: Int
    package var seconds: Double
    package var training: String?
  }

  package struct Settings: Encodable, Sendable {
    /// Nil for a model without latents.
    package var importanceSamples: Int?
    package var takes: Int
    package var takeSeconds: Double
    /// The folder of takes, if they were not generated here.
    package var takesFrom: String?
    /// The sampling options of takes; nil for takes from a folder.
    package var temperature: Float?
    package var topP: Float?
    package var topK: Int?
    package var minP: Float?
    package var tonality: Float?
    package var repetitionPenalty: Float?
    package var recurrence: Float?
    package var steadiness: Float?
    package var key: String?
    package var range: String?
    package var maxPolyphony: Int?
    /// The number of candidates for each phrase, and the critic that selects; nil without one.
    package var candidates: Int?
    package var critic: String?
    /// Whether real excerpts are the beginnings of pieces; nil if not.
    package var beginnings: Bool?
    package var longestNote: Double?
    package var seed: UInt64

    package init(takes: Int, takeSeconds: Double, seed: UInt64) {
      self.takes = takes
      self.takeSeconds = takeSeconds
      self.seed = seed
    }
  }

  /// The numbers of excerpts.
  package struct Excerpts: Encodable, Sendable {
    package var takes: Int
    package var real: Int
    package var training: Int?
    /// The number of held-out pieces that are long enough.
    package var pieces: Int
  }

  package struct Baselines: Encodable, Sendable {
    package var uniform: Double?
    package var unigram: Double?
    package var kneserNey5: Double?
    package var decoderOnly: Double?
  }

  package struct Grammar: Encodable, Sendable {
    package var samples: Int
    package var ungrammaticalRate: Estimate?
    package var irregularRate: Estimate?
    package var report: GrammarReport
  }

  /// The similarity to held-out music in a feature.
  package struct Likeness: Encodable, Sendable {
    package var takes: Double?
    /// Equally many excerpts of the training music.
    package var training: Double?
    /// One half of the held-out pieces against the other.
    package var halves: Double?
  }

  package struct Takes: Encodable, Sendable {
    package var count: Int
    package var seconds: Quantiles?
    package var notes: Quantiles?
    package var silent: Int
    package var longestSilence: Quantiles?
    package var loopRate: Estimate?
    /// The number of repairs, which masking should make impossible.
    package var repairs: Int
  }
}

extension EvaluationDocument {
  package init(model: Model?, music: Music, settings: Settings) {
    self.model = model
    self.music = music
    self.settings = settings
  }

  /// The predictor of the main figures.
  package var mainPredictor: Predictor { latents == nil ? .exact : .importanceWeighted }

  /// Sets the likelihoods of pieces under each predictor.
  mutating func set(_ likelihoods: [Predictor: [Likelihood]], bootstrap: Bootstrap) {
    likelihood = likelihoods.mapValues { LikelihoodReport($0, bootstrap: bootstrap) }
    let main = likelihood[mainPredictor]
    natsPerToken = main?.natsPerToken?.value
    natsPerNote = main?.natsPerNote?.value
    bitsPerSecond = main?.bitsPerSecond?.value
    func nats(_ predictor: Predictor) -> Double? { likelihood[predictor]?.natsPerToken?.value }
    elbo = nats(.elbo)
    baselines = Baselines(
      uniform: nats(.uniform), unigram: nats(.unigram), kneserNey5: nats(.kneserNey5),
      decoderOnly: nats(.decoderOnly))
    for baseline in [Predictor.uniform, .unigram, .kneserNey5, .decoderOnly] {
      guard let theirs = likelihoods[baseline], let ours = likelihoods[mainPredictor] else { continue }
      baselineCost[baseline] = LikelihoodReport.difference(theirs, from: ours, bootstrap: bootstrap)
    }
  }
}

extension EvaluationDocument.Music {
  init(_ music: EvaluationMusic, training: String?, windows: [HeldOutWindow], of all: Int?) {
    folder = music.path
    pieces = music.pieces.count
    skipped = music.skipped
    if let all { (self.windows, windowsOfAll) = (windows.count, all) }
    let total = windows.likelihoods(windows.map { _ in 0 }).sum
    (tokens, notes, seconds) = (total.tokens, total.notes, total.seconds.rawValue)
    self.training = training
  }
}
