internal import Foundation
internal import MusicFeatures
internal import MusicTokens
package import Tensors

/// Differences between takes and real music in rhythm, harmony and melody, differentiable with respect to relaxed tokens.
///
/// Two kinds are added: the distance between the statistics of the features of all positions, and penalties for what is
/// rare in music. Penalties count only above those of the real music, since none is a measure of quality: unisons would have
/// no dissonance.
package struct PerceptualLoss {
  private let twin: FeatureTwin

  package init(on device: Device) throws(TensorError) { twin = try FeatureTwin(on: device) }

  /// The loss of takes compared with real music, whose side has no gradient: a scalar.
  package func callAsFunction(real: CriticInput, fake: CriticInput) throws(TensorError) -> Tensor {
    let ofReal = try Gradients.unrecorded { () throws(TensorError) in
      (penalties: try penalties(of: real).all, statistics: try statistics(of: real))
    }
    var sum = try distance(from: ofReal.statistics, to: statistics(of: fake))
    for (own, real) in try zip(penalties(of: fake).all, ofReal.penalties) {
      sum = try sum + (own.mean() - real.mean()).relu()
    }
    return sum
  }

  // MARK: Statistics

  /// The mean and standard deviation over all positions of each feature of rhythm, harmony and melody, [features] each.
  private func statistics(of music: CriticInput) throws(TensorError) -> (mean: Tensor, deviation: Tensor) {
    let count = PositionFeatures.count - PositionFeatures.Group.dynamics.count
    let there = try music.mask.converted(to: .float32).unsqueezed(2)
    let features = try twin(music.tokens, planes: music.planes).slice(2, 0..<count)
    let total = try there.sum()
    let mean = try (features * there).sum(0, 1) / total
    let variance = try ((features - mean).squared() * there).sum(0, 1) / total
    return (mean, try (variance + 1e-6).squareRoot())
  }

  /// The mean over the features of the squared differences of mean and standard deviation, relative to the variance of
  /// the real music.
  private func distance(
    from real: (mean: Tensor, deviation: Tensor), to fake: (mean: Tensor, deviation: Tensor)
  ) throws(TensorError) -> Tensor {
    let difference = try (fake.mean - real.mean).squared() + (fake.deviation - real.deviation).squared()
    return try (difference / (real.deviation.squared() + 1e-3)).mean()
  }

  // MARK: Penalties

  /// Penalties of each item of a batch, 0…1: [b]. Without notes they are 1, so that silence has no advantage.
  package struct Penalties {
    /// How far onsets are from the best regular grid.
    package let rhythm: Tensor
    /// The share of tritones, seconds and sevenths among the intervals of each struck note to the notes that sound.
    package let harmony: Tensor
    /// The mean squared motion of the highest voice, in octaves; larger leaps count as one octave.
    package let melody: Tensor

    package var all: [Tensor] { [rhythm, harmony, melody] }
  }

  package func penalties(of music: CriticInput) throws(TensorError) -> Penalties {
    let parts = try music.tokens.split(2, into: [128, 128, 512, 6])
    let starts = try parts[0].sum(2)  // [b, n]
    return Penalties(
      rhythm: try irregularity(onsets: starts, shifts: parts[2]),
      harmony: try dissonance(starts: parts[0], planes: music.planes),
      melody: try motion(shift: parts[2].sum(2), planes: music.planes))
  }

  /// The periods of a grid in ticks, from a 24th note to a quarter note at 80 BPM, in steps of 1 %.
  private static let periods = (0..<209).map { 6 * pow(48.0 / 6, Double($0) / 208) }

  /// The number of tokens in which a grid is regular: tempo changes over longer ones.
  private static let phrase = 64

  /// 1 − the largest mean resultant length of the phases of onsets, over the periods of a grid (Fourier tempogram,
  /// Grosche & Müller 2011), in the mean over all onsets.
  private func irregularity(onsets: Tensor, shifts: Tensor) throws(TensorError) -> Tensor {
    let (count, length) = (onsets.shape[0], onsets.shape[1])
    let phrase = length % Self.phrase == 0 ? Self.phrase : length
    let times = try SoftKeyboard.ticks(of: shifts).reshaped([count, length / phrase, phrase]).cumulativeSum(2)
    // An onset's time does not change with the shift after it; the token of an onset is no shift itself.
    let weights = try onsets.reshaped([count, length / phrase, phrase])
    let frequencies = try Tensor(
      Self.periods.map { Float(2 * Double.pi / $0) }, [Self.periods.count, 1, 1], on: onsets.device)
    let phases =
      try times.unsqueezed(2).unsqueezed(2).reshaped([count, length / phrase, 1, phrase])
      * frequencies.reshaped([Self.periods.count, 1])  // [b, phrases, periods, phrase]
    let weighted = try weights.unsqueezed(2)
    let cosines = try (phases.cosine() * weighted).sum(3)
    let sines = try (phases.sine() * weighted).sum(3)
    let resultants = try (cosines.squared() + sines.squared() + 1e-9).squareRoot().largest(2)  // [b, phrases]
    return try 1 - resultants.sum(1) / (weights.sum(2).sum(1) + 1)
  }

  /// How much the interval of each number of semitones from a sounding note up to a struck one counts.
  private static let dissonances: [Float] = [0, 1, 0.5, 0, 0, 0, 1, 0, 0, 0, 0.5, 1]

  private func dissonance(starts: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    let before = try planes.slice(1, 0..<starts.shape[1])
    let sounding = try FeatureTwin.byClass(before.slice(2, 0..<128)).sum(2).atMost(1)
    let table = try Tensor(
      (0..<12).flatMap { from in (0..<12).map { Self.dissonances[(12 + $0 - from) % 12] } }, [12, 12],
      on: starts.device)
    let ofClasses = try sounding.matmul(table)  // the dissonance of each class with all that sound, [b, n, 12]
    let struck = try FeatureTwin.byClass(starts).sum(2)
    let dissonant = try (struck * ofClasses).sum(2) / sounding.sum(2).atLeast(1)
    return try (dissonant.sum(1) + 1) / (struck.sum(2).sum(1) + 1)
  }

  private func motion(shift: Tensor, planes: Tensor) throws(TensorError) -> Tensor {
    let (count, length) = (shift.shape[0], shift.shape[1])
    let sounding = try planes.slice(1, 0..<length).slice(2, 0..<128)
    let heights = try Tensor((0..<128).map { Float($0 + 1) }, [128], on: shift.device)
    let tops = try (sounding * heights).largest(2)  // 0 for silence, [b, n]
    // The highest voice is what sounds when time passes.
    let heard = try shift * sounding.largest(2)
    var last = try Tensor.zeros([count, 1], on: shift.device)
    var isKnown = last
    var (motion, transitions) = (last, last)
    for position in 0..<length {
      let top = try tops.slice(1, position..<position + 1)
      let weight = try heard.slice(1, position..<position + 1)
      let pair = try weight * isKnown
      motion = try motion + pair * ((top - last) / 12).squared().atMost(1)
      transitions = try transitions + pair
      last = try weight * top + (1 - weight) * last
      isKnown = try weight + (1 - weight) * isKnown
    }
    return try ((motion + 1) / (transitions + 1)).reshaped([count])
  }
}
