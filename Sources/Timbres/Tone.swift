internal import Glibc

/// A sound to be rendered at one key: sines and noise that start together, settle, and then repeat in a loop.
///
/// The loop consists of whole cycles: in a looped tone each partial is moved to the nearest multiple of the loop's
/// frequency, and during the lead its level approaches the `decay` that the sampler's envelope continues. From then on
/// the sum is exactly periodic, so that the loop is seamless without a crossfade.
struct Tone {
  let key: Int
  /// Frames per second: close to the requested rate, and such that the fundamental is exact in the loop.
  let rate: Double
  /// The number of frames before the loop, or of all frames if there is none.
  let lead: Int
  /// The number of frames of the loop; 0 if the sound is played once.
  let loop: Int
  /// The fundamental in hertz.
  let fundamental: Double
  /// The decay of the sampler's envelope in decibels per second.
  var decay = 0.0
  /// The length of the fade-in in seconds.
  var onset = 0.002
  var partials: [Partial] = []
  var bursts: [Burst] = []

  /// - Parameters:
  ///   - rate: the approximate number of frames per second.
  ///   - lead: the length in seconds of the part before the loop, or of the whole sound.
  ///   - loop: the approximate length of the loop in seconds, or nil.
  ///   - unit: the loop is a multiple of this number of periods: 2 for a tone with a subharmonic at half the
  ///     fundamental.
  init(key: Int, rate: Double, lead: Double, loop: Double?, unit: Int = 1) {
    self.key = key
    fundamental = frequency(ofKey: Double(key))
    if let loop {
      let cycles = max(1, (fundamental * loop / Double(unit)).rounded()) * Double(unit)
      self.loop = Int((cycles * rate / fundamental).rounded())
      self.rate = (fundamental * Double(self.loop) / cycles).rounded()
    } else {
      self.loop = 0
      self.rate = rate
    }
    self.lead = Int(lead * self.rate)
  }

  /// The frequency in hertz of which every looped partial is a multiple.
  var grid: Double { loop == 0 ? 0 : rate / Double(loop) }

  /// The highest useful frequency: content above it would be aliased by samplers' interpolation.
  var ceiling: Double { 0.44 * rate }

  /// The root mean square of the partials at the start.
  var power: Double { sqrt(partials.reduce(0) { $0 + $1.amplitude * $1.amplitude / 2 }) }

  /// Adds noise that continues through the loop: sines of random phase on the grid.
  ///
  /// - Parameter shape: amplitude by frequency.
  mutating func addNoise(
    _ band: ClosedRange<Double>,
    level: Double,
    random: inout Randomness,
    shape: (Double) -> Double = { _ in 1 }
  ) {
    let multiples = Int(band.lowerBound / grid)...Int(min(band.upperBound, 0.36 * rate) / grid)
    var noise = multiples.map { n in
      let frequency = Double(n) * grid
      return Partial(
        frequency: frequency,
        amplitude: shape(frequency) * random.uniform(0.3...1),
        phase: random.phase(),
        decay: decay
      )
    }
    let scale = level / sqrt(noise.reduce(0) { $0 + $1.amplitude * $1.amplitude / 2 })
    for i in noise.indices { noise[i].amplitude *= scale }
    partials += noise
  }
}
