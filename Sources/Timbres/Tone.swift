internal import Glibc

/// A sound to be recorded at one key: sines and noise that start together, settle, and then repeat for ever.
///
/// What repeats is made of whole cycles: in a looped tone each partial is moved to the nearest multiple of the loop's
/// own frequency, and over the lead its level eases into the `decay` that the player's envelope goes on with. Past
/// that point the sum is exactly periodic, so that the loop has no seam and needs no crossfade.
struct Tone {
  let key: Int
  /// Frames per second: close to what was asked for and such that the fundamental is exact in the loop.
  let rate: Double
  /// Frames before the loop, or all of them without one.
  let lead: Int
  /// Frames of the loop; 0 where the sound is played once.
  let loop: Int
  /// The fundamental in hertz.
  let fundamental: Double
  /// What the player's envelope takes off in decibels a second.
  var decay = 0.0
  /// The length of the fade-in in seconds.
  var onset = 0.002
  var partials: [Partial] = []
  var bursts: [Burst] = []

  /// - Parameters:
  ///   - rate: about how many frames per second.
  ///   - lead: seconds before the loop, or of the whole.
  ///   - loop: about how many seconds the loop lasts, or nil.
  ///   - unit: the periods of which the loop holds a multiple: 2 for a tone with half of its fundamental.
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

  /// The highest frequency worth having: above it, players' interpolation mirrors what is there.
  var ceiling: Double { 0.44 * rate }

  /// The root mean square of the partials at the start.
  var power: Double { sqrt(partials.reduce(0) { $0 + $1.amplitude * $1.amplitude / 2 }) }

  /// Adds noise that goes on through the loop: sines of random phase on the grid.
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
