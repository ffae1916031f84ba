internal import Datasets
internal import ModelFormat

extension Setting {
  /// All settings, in the order of the file.
  package static let all = model + data + training + objective + run + critic + adversarial

  private static let most = 1_000_000_000

  private static let model: [Setting] = [
    Setting(key: "model.preset", comment: "Preset of the model's dimensions: tiny, small or base.") {
      $0.model.preset
    } assign: { text, settings in
      guard let model = Settings.Model(preset: text) else {
        return "one of " + Configuration.presets.map(\.name).joined(separator: ", ")
      }
      settings.model = model
      return nil
    },
    value("model.width", \.model.width, in: 8...4096, "Width of embeddings and hidden states."),
    value("model.heads", \.model.heads, in: 1...64, "Attention heads; the width per head must be even."),
    value("model.feedForward", \.model.feedForward, in: 8...16384, "Width of the feed-forward layers."),
    value("model.encoderLayers", \.model.encoderLayers, in: 1...64, "Blocks of the encoder."),
    value("model.decoderLayers", \.model.decoderLayers, in: 1...64, "Blocks of the decoder."),
    value("model.window", \.model.window, in: 8...8192, "The longest window, in tokens."),
    value("model.autoencoder", \.model.isAutoencoder, "false for a plain causal decoder without latents."),
    value("model.latents.global", \.model.latents.global, in: 1...1024, "Dimensions of the latent of a window."),
    value("model.latents.phrase", \.model.latents.phrase, in: 1...1024, "Dimensions of the latent of a phrase."),
    value("model.latents.local", \.model.latents.local, in: 1...1024, "Dimensions of the latent of a local segment."),
    value(
      "model.latents.windowLength", \.model.latents.windowLength, in: 1...8192,
      "Tokens per global latent; divides the window."),
    value(
      "model.latents.phraseLength", \.model.latents.phraseLength, in: 1...8192,
      "Tokens of a phrase; divides windowLength."),
    value(
      "model.latents.localLength", \.model.latents.localLength, in: 1...8192,
      "Tokens of a local segment; divides the phrase."),
    value("model.latents.prior", \.model.latents.prior, "Prior of the global latent: standard, mixture or flow."),
    value(
      "model.latents.mixtureComponents", \.model.latents.mixtureComponents, in: 1...1024,
      "Gaussians of the mixture prior."),
    value("model.latents.flowLayers", \.model.latents.flowLayers, in: 1...64, "Planar flows of the flow prior."),
    value("model.latents.normalizeMeans", \.model.latents.normalizeMeans, "BatchNorm on posterior means (Zhu 2020)."),
    value(
      "model.latents.plan.width", \.model.latents.plan.width, in: 2...4096,
      "Width of the plan, the causal network over the latents."),
    value("model.latents.plan.heads", \.model.latents.plan.heads, in: 1...64, "Its attention heads."),
    value("model.latents.plan.feedForward", \.model.latents.plan.feedForward, in: 1...65536, "Its feed-forward width."),
    value("model.latents.plan.layers", \.model.latents.plan.layers, in: 1...64, "Its blocks."),
    value("model.latents.plan.windows", \.model.latents.plan.windows, in: 1...1024, "Its context, in latent windows."),
    value("model.charts", \.model.readsCharts, "false for a decoder that reads no chord charts."),
    value("model.chart.width", \.model.chart.width, in: 2...4096, "Width of the model of chord charts."),
    value("model.chart.heads", \.model.chart.heads, in: 1...64, "Its attention heads."),
    value("model.chart.feedForward", \.model.chart.feedForward, in: 1...65536, "Its feed-forward width."),
    value("model.chart.layers", \.model.chart.layers, in: 1...64, "Its blocks."),
    value("model.chart.window", \.model.chart.window, in: 16...8192, "Its context, in tokens of charts."),
    value(
      "model.part", \.model.learningPart,
      """
      The parameters to train: all, only those of the prior, on sequences as long as the context of its plan, or only those \
      of charts.
      """),
    text(
      "model.initial", \.model.initial,
      "Path of a model to initialize the parameters from. null: random initialization."),
  ]

  private static let data: [Setting] = [
    text("data.path", \.data.path, "Folder of the dataset; an argument of the command takes precedence."),
    value("data.augmentation", \.data.isAugmented, "Whether to augment the data at random."),
    value(
      "data.lowestTransposition", \.data.lowestTransposition, in: -24...0, "Lowest transposition, in semitones."),
    value("data.highestTransposition", \.data.highestTransposition, in: 0...24, "Highest transposition, in semitones."),
    value("data.tempo", \.data.tempo, in: 0...0.5, "Largest change of the tempo: 0.1 is ±10 %."),
    value(
      "data.velocityLevels", \.data.velocityLevels, in: 0...8,
      "Largest change of velocity, in dynamic levels of the tokens."),
    value(
      "data.weights", \.data.weights,
      "How often pieces occur in an epoch, by the folder that their path begins with; 1 for others."),
    value("data.lateWeights", \.data.lateWeights, "The same in the last part of the run."),
    value(
      "data.lateShare", \.data.lateShare, in: 0...1, "Share of the run, at its end, in which lateWeights are used."),
    value(
      "data.plainSteps", \.data.plainSteps, in: 0...most,
      "Steps at the end with transposition as the only augmentation; others bias the model."),
    value(
      "data.chartShare", \.data.chartShare, in: 0...1,
      "Share of windows that come with their chord chart, so that the model can also do without."),
  ]

  private static let training: [Setting] = [
    value("batch.windows", \.batch.windows, in: 1...65536, "Windows per forward pass."),
    value(
      "batch.accumulation", \.batch.accumulation, in: 1...65536, "Forward passes per step (gradient accumulation)."),
    value(
      "batch.firstLength", \.batch.firstLength, in: 2...8192,
      "First window length in tokens; doubles at equal intervals up to the full window. null: full from the start."),
    value(
      "batch.curriculumSteps", \.batch.curriculumSteps, in: 0...most, "Steps until windows have their full length."),
    value("length.steps", \.length.steps, in: 1...most, "Steps of the run; the learning rate decays until then."),
    value(
      "length.tokens", \.length.tokens, in: 1...(most * most), "Ends the run after this many tokens. null: no limit."),
    value("optimizer.learningRate", \.optimizer.learningRate, in: 0...10, "Learning rate after warm-up."),
    value(
      "optimizer.finalShare", \.optimizer.finalShare, in: 0...1,
      "Final learning rate of the cosine schedule, as a share of the maximum."),
    value("optimizer.warmUpSteps", \.optimizer.warmUpSteps, in: 0...most, "Steps of linear warm-up."),
    value("optimizer.beta1", \.optimizer.beta1, in: 0...0.99999, "Decay of the first moment."),
    value("optimizer.beta2", \.optimizer.beta2, in: 0...0.99999999, "Decay of the second moment."),
    value("optimizer.epsilon", \.optimizer.epsilon, in: 1e-16...1, "Added to the root of the second moment."),
    value(
      "optimizer.weightDecay", \.optimizer.weightDecay, in: 0...10, "Decoupled weight decay; not on norms and biases."),
    value("optimizer.clip", \.optimizer.clip, in: 1e-9...1e9, "Maximum gradient norm. null: no clipping."),
    value(
      "optimizer.averageDecay", \.optimizer.averageDecay, in: 0...0.9999999,
      "Decay of the moving average of the parameters, which is evaluated and saved. null: none."),
    value(
      "optimizer.matrices", \.optimizer.matrices,
      "Optimizer of the matrices of Transformer blocks: adamW, or muon (Jordan 2024)."),
  ]

  private static let objective: [Setting] = [
    value("kl.schedule", \.kl.schedule, "Schedule of the KL weight: linear, exponential, cyclical or adaptive."),
    value("kl.beta", \.kl.beta, in: 0...1000, "Maximum of the KL weight."),
    value("kl.freeSteps", \.kl.freeSteps, in: 0...most, "Steps at the beginning in which the weight is 0."),
    value("kl.rampSteps", \.kl.rampSteps, in: 0...most, "Steps of its ramp, or of all cycles together."),
    value("kl.growth", \.kl.growth, in: -50...50, "exponential: how late it rises; negative rises early."),
    value("kl.cycles", \.kl.cycles, in: 1...100_000, "cyclical: number of cycles (Fu 2019)."),
    value("kl.cycleRamp", \.kl.cycleRamp, in: 0...1, "cyclical: share of a cycle in which it rises."),
    value("kl.target", \.kl.target, in: 1e-6...1e6, "adaptive: target KL, in nats per window."),
    value(
      "kl.gain", \.kl.gain, in: 0...1, "adaptive: maximum relative change of the weight per step."),
    value(
      "kl.freeBits", \.kl.freeBits, in: 0...100,
      "Free bits (Kingma 2016), in nats per dimension; not for a global latent with a mixture or flow prior."),
    value("kl.freeBitsGlobal", \.kl.freeBitsGlobal, in: 0...10_000, "The same for a whole global latent, in nats."),
    value("kl.freeBitsPhrase", \.kl.freeBitsPhrase, in: 0...10_000, "The same for the latent of a phrase."),
    value("kl.freeBitsLocal", \.kl.freeBitsLocal, in: 0...10_000, "The same for the latent of a local segment."),
    value(
      "decoder.wordDropout", \.decoder.wordDropout, in: 0...1, "Share of the decoder's input tokens that are masked."),
  ]

  private static let run: [Setting] = [
    value(
      "evaluation.everySteps", \.evaluation.everySteps, in: 1...most, "Steps between evaluations on held-out pieces."),
    value("evaluation.windows", \.evaluation.windows, in: 1...most, "Number of held-out windows. null: all."),
    value(
      "evaluation.patience", \.evaluation.patience, in: 1...most,
      "Evaluations without improvement before training stops early. null: never."),
    value(
      "checkpoints.everySteps", \.checkpoints.everySteps, in: 1...most, "Steps between checkpoints. null: by time only."
    ),
    value(
      "checkpoints.everyMinutes", \.checkpoints.everyMinutes, in: 0.01...100_000,
      "Minutes between checkpoints. null: by steps only."),
    value(
      "processes.joinTimeout", \.processes.joinTimeout, in: 0.1...1e6,
      "Seconds to wait for the other processes to start, in distributed training."),
    value(
      "processes.timeout", \.processes.timeout, in: 0.1...1e6, "Seconds to wait for the other processes at each step."),
    value("run.output", \.run.output, "Folder for checkpoints, metrics and curves."),
    value("run.seed", \.run.seed, in: 0...Int.max, "Seed of all randomness."),
    Setting(key: "run.device", comment: "cpu, cuda, or a GPU by number, such as cuda:1.") {
      $0.run.device
    } assign: { text, settings in
      guard text == "cpu" || text == "cuda" || text.hasPrefix("cuda:") && UInt8(text.dropFirst(5)) != nil else {
        return "cpu, cuda or cuda:NUMBER"
      }
      settings.run.device = text
      return nil
    },
    value("run.threads", \.run.threads, in: 1...1024, "CPU threads. null: one per core."),
    value(
      "run.precision", \.run.precision,
      "float32, or bfloat16 for matrix products, on processors where it is faster."),
    value("run.logEverySteps", \.run.logEverySteps, in: 1...most, "Steps between lines of metrics."),
  ]

  private static let critic: [Setting] = [
    text(
      "critic.model", \.critic.model, "Path of the model whose takes the critic learns to separate from real music."),
    text(
      "critic.initial", \.critic.initial,
      "Folder of a critic's run to initialize the parameters from. null: random initialization."),
    value("critic.width", \.critic.width, in: 4...4096, "Width of the critic, a multiple of four."),
    value("critic.heads", \.critic.heads, in: 1...64, "Its attention heads."),
    value("critic.feedForward", \.critic.feedForward, in: 1...65536, "Width of its feed-forward layers."),
    value("critic.layers", \.critic.layers, in: 1...64, "Blocks of each of its towers."),
    value("critic.loss", \.critic.loss, "Its loss: crossEntropy, hinge or relativistic."),
    value("critic.stretches", \.critic.stretches, in: 1...4096, "Stretches of real music, and of takes, per step."),
    value("critic.takes", \.critic.takes, in: 1...65536, "Takes in the pool that stretches are cut from."),
    value("critic.freshTakes", \.critic.freshTakes, in: 0...4096, "New takes per step, which replace the oldest."),
    value(
      "critic.promptTokens", \.critic.promptTokens, in: 0...256,
      "Tokens of real music in the prompt of a take."),
    value("critic.takeTokens", \.critic.takeTokens, in: 576...65536, "Tokens of a take after its prompt."),
    value(
      "critic.openings", \.critic.openings, in: 0...1,
      "Share of takes without a prompt, which are compared with the openings of pieces."),
    value("critic.temperature", \.critic.temperature, in: 0.01...100, "How takes are sampled, as in aurl generate."),
    value("critic.topP", \.critic.topP, in: 0.01...1, "The same."),
    value("critic.tonality", \.critic.tonality, in: 0...4, "The same."),
    value("critic.repetitionPenalty", \.critic.repetitionPenalty, in: 0...10, "The same."),
    value("critic.recurrence", \.critic.recurrence, in: 0...0.99, "The same."),
    value("critic.steadiness", \.critic.steadiness, in: 0...1, "The same."),
    value("critic.longestNote", \.critic.longestNote, in: 0.015625...36000, "The same, in seconds."),
    value("critic.steps", \.critic.steps, in: 1...most, "Steps of its training."),
    value("critic.learningRate", \.critic.learningRate, in: 0...10, "Its learning rate after warm-up."),
    value("critic.warmUpSteps", \.critic.warmUpSteps, in: 0...most, "Steps of linear warm-up."),
    value(
      "critic.phraseShare", \.critic.phraseShare, in: 0...1,
      "Maximum share of the steps in which only the local tower is trained."),
    value(
      "critic.globalShare", \.critic.globalShare, in: 0...1,
      "Maximum share of the steps before the global tower is trained."),
    value(
      "critic.stageAccuracy", \.critic.stageAccuracy, in: 0.5...1,
      "Accuracy on windows at which the next tower is added early."),
    value("critic.normIterations", \.critic.normIterations, in: 1...100, "Power iterations per step."),
    value(
      "critic.slopePenalty", \.critic.slopePenalty, in: 0...1e6, "Weight of the gradient penalty on the embedded input."
    ),
    value(
      "critic.slope", \.critic.slope,
      "Where the penalty applies: real (R1), both (R1 and R2), or between real music and takes (WGAN-GP)."),
    value(
      "critic.slopeEverySteps", \.critic.slopeEverySteps, in: 1...most, "Interval of the gradient penalty, in steps."),
    value(
      "critic.heldOut", \.critic.heldOut, in: 4...1_000_000,
      "Held-out stretches of each side; half are used for calibration."),
    value("critic.evaluateEverySteps", \.critic.evaluateEverySteps, in: 1...most, "Steps between evaluations."),
  ]
  private static let adversarial: [Setting] = [
    text("adversarial.critic", \.adversarial.critic, "Folder of the run that trained the critic, for the same model."),
    value("adversarial.steps", \.adversarial.steps, in: 1...most, "Steps of the run."),
    value("adversarial.takes", \.adversarial.takes, in: 2...65536, "Takes per step that the model learns from."),
    value("adversarial.group", \.adversarial.group, in: 1...4096, "Number of them that continue the same music."),
    value(
      "adversarial.rollouts", \.adversarial.rollouts, in: 1...4096,
      "Takes sampled for each group, of which those with the highest and lowest returns are kept."),
    value("adversarial.openings", \.adversarial.openings, in: 0...1, "Share of groups that start without a prompt."),
    value("adversarial.learningRate", \.adversarial.learningRate, in: 0...10, "Learning rate of the model."),
    value(
      "adversarial.criticLearningRate", \.adversarial.criticLearningRate, in: 0...10, "Learning rate of the critic."),
    value(
      "adversarial.gradient", \.adversarial.gradient,
      "What teaches the model: policy or relaxed, the gradients of a critic; context, those of a critic on the initial "
        + "model's states; or ratio, its own likelihood ratio."),
    value(
      "adversarial.contextTakes", \.adversarial.contextTakes, in: 1...1_000_000,
      "context: number of the latest takes that the critic is fitted to."),
    value("adversarial.relaxedTokens", \.adversarial.relaxedTokens, in: 32...256, "relaxed: tokens of a take."),
    value(
      "adversarial.relaxedTemperature", \.adversarial.relaxedTemperature, in: 0.01...100,
      "relaxed: temperature of the softmax whose gradient tokens have."),
    value(
      "adversarial.relaxedFeedback", \.adversarial.relaxedFeedback, in: 0...1,
      "relaxed: factor of the gradients of later tokens with respect to earlier ones."),
    value(
      "adversarial.ratioScale", \.adversarial.ratioScale, in: 1e-6...1e6,
      "ratio: factor of the log-likelihood ratio, in nats, in the discriminator's logit."),
    value(
      "adversarial.weight", \.adversarial.weight, in: 0...1e6,
      "Weight of the policy gradient, the adversarial loss, or the loss of the ratio."
    ),
    value(
      "adversarial.featureMatchingWeight", \.adversarial.featureMatchingWeight, in: 0...1e6,
      "relaxed: weight of feature matching."),
    value(
      "adversarial.perceptualWeight", \.adversarial.perceptualWeight, in: 0...1e6,
      "relaxed: weight of the perceptual loss."),
    value(
      "adversarial.learnsWeights", \.adversarial.learnsWeights,
      "relaxed: whether terms are weighted by their learned uncertainty, too (Kendall 2018)."),
    value(
      "adversarial.likelihoodWeight", \.adversarial.likelihoodWeight, in: 0...1e6,
      "Weight of the evidence lower bound on real music."),
    value(
      "adversarial.discount", \.adversarial.discount, in: 0...1,
      "Discount factor from one local stretch to the one before it."),
    value(
      "adversarial.phraseShare", \.adversarial.phraseShare, in: 0...1,
      "Share of the steps in which only the local tower teaches and is trained."),
    value(
      "adversarial.globalShare", \.adversarial.globalShare, in: 0...1,
      "Share of the steps before the global tower teaches and is trained."),
    value("adversarial.criticSteps", \.adversarial.criticSteps, in: 0...1000, "Steps of the critic per step."),
    value(
      "adversarial.divergenceLimit", \.adversarial.divergenceLimit, in: 0...100,
      "KL from the initial model, in nats per token, at which training ends."),
    value(
      "adversarial.diversityLimit", \.adversarial.diversityLimit, in: 0...1,
      "Diversity of takes, as a share of the initial one, below which training ends."),
  ]
}
