import Evaluation
import MusicCore

/// What is measured of a model. Figures that there is no data for are nil.
struct EvaluationDocument: Encodable {
  var schema = "aurl-evaluation/1"
  /// Nil where only takes are judged.
  var model: Model?
  var music: Music
  var settings: Settings

  // MARK: The main figures without their intervals

  /// The importance-weighted bound, or the likelihood of a model without latents.
  var natsPerToken: Double?
  var natsPerNote: Double?
  var bitsPerSecond: Double?
  /// In nats a token.
  var elbo: Double?
  /// In nats a token.
  var baselines = Baselines()

  // MARK: All figures

  var likelihood: [Predictor: LikelihoodReport] = [:]
  /// How many nats a token each baseline needs more than the model.
  var baselineCost: [Predictor: Estimate] = [:]
  var reconstruction: ReconstructionReport?
  /// Of each window and the copy of another one, as much of it as the window has tokens.
  var reconstructionByChance: ReconstructionReport?
  var latents: LatentReport?
  /// Of samples that nothing was masked in.
  var grammar: Grammar?
  var overlapArea: [TakeFeatures.Name: Likeness]?
  var divergenceNats: [TakeFeatures.Name: Likeness]?
  var takes: Takes?
  var memorization: MemorizationReport?
  /// What takes are compared with, excerpt by excerpt.
  var excerpts: Excerpts?
  var coherence: CoherenceReport?
  var judge: JudgeReport?
  var diversity: DiversityReport?
}

extension EvaluationDocument {
  /// What predicts the music.
  enum Predictor: String, CaseIterable, Codable, CodingKeyRepresentable {
    case importanceWeighted, elbo, exact
    case uniform, unigram, kneserNey5, decoderOnly
  }

  struct Model: Encodable {
    var file: String
    /// Optimizer steps that it learned for.
    var step: Int
    /// The hash of the dataset that it learned from.
    var dataHash: String
    var decoderOnly: String?
  }

  struct Music: Encodable {
    var folder: String
    var pieces: Int
    var skipped: Int
    /// Windows that were measured, and all that there are; nil where no model is.
    var windows: Int?
    var windowsOfAll: Int?
    var tokens: Int
    var notes: Int
    var seconds: Double
    var training: String?
  }

  struct Settings: Encodable {
    /// Nil for a model without latents.
    var importanceSamples: Int?
    var takes: Int
    var takeSeconds: Double
    /// The folder of takes that were made elsewhere.
    var takesFrom: String?
    /// How the tokens of takes are chosen; nil for takes that were made elsewhere.
    var temperature: Float?
    var topP: Float?
    var topK: Int?
    var minP: Float?
    var tonality: Float?
    var repetitionPenalty: Float?
    var recurrence: Float?
    var key: String?
    var range: String?
    var maxPolyphony: Int?
    var longestNote: Double?
    var seed: UInt64
  }

  /// How many excerpts there are.
  struct Excerpts: Encodable {
    var takes: Int
    var real: Int
    var training: Int?
    /// Held-out pieces that are long enough.
    var pieces: Int
  }

  struct Baselines: Encodable {
    var uniform: Double?
    var unigram: Double?
    var kneserNey5: Double?
    var decoderOnly: Double?
  }

  struct Grammar: Encodable {
    var samples: Int
    var ungrammaticalRate: Estimate?
    var irregularRate: Estimate?
    var report: GrammarReport
  }

  /// How like held-out music something is in a feature.
  struct Likeness: Encodable {
    var takes: Double?
    /// As many excerpts of the music that the model learned from.
    var training: Double?
    /// One half of the held-out pieces against the other.
    var halves: Double?
  }

  struct Takes: Encodable {
    var count: Int
    var seconds: Quantiles?
    var notes: Quantiles?
    var silent: Int
    var longestSilence: Quantiles?
    var loopRate: Estimate?
    /// Of what masking is to make impossible.
    var repairs: Int
  }
}

extension EvaluationDocument {
  init(model: Model?, music: Music, settings: Settings) {
    self.model = model
    self.music = music
    self.settings = settings
  }

  /// What the main figures are of.
  var mainPredictor: Predictor { latents == nil ? .exact : .importanceWeighted }

  /// Takes in the likelihoods of pieces under each predictor.
  mutating func take(_ likelihoods: [Predictor: [Likelihood]], bootstrap: Bootstrap) {
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
