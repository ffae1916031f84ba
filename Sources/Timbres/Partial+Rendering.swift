internal import Glibc

extension Partial {
  private static let blockLength = 64

  /// Adds the sine to `frames` block by block, with level and frequency interpolated linearly within each block.
  func add(to frames: inout [Double], of tone: Tone, settling: Settling) {
    var sine = self
    if tone.loop > 0 { sine.frequency = (frequency / tone.grid).rounded() * tone.grid }
    guard sine.frequency > 0, sine.frequency < tone.ceiling else { return }
    var from = sine.state(at: 0, tone: tone, settling: settling)
    for start in stride(from: 0, to: frames.count, by: Self.blockLength) {
      let to = sine.state(at: start + Self.blockLength, tone: tone, settling: settling)
      add(to: &frames, at: start, from: from, to: to)
      from = to
    }
  }

  private func state(at frame: Int, tone: Tone, settling: Settling) -> (amplitude: Double, cycles: Double) {
    let seconds = Double(frame) / tone.rate
    let developed = settling.development(seconds)
    var amplitude = self.amplitude * exp(-developed * (decay - tone.decay) / 8.685_889_638)
    if rise > 0 { amplitude *= 1 - exp(-developed / rise) }
    return (amplitude, cycles(after: seconds) + phase / (2 * .pi))
  }

  /// Renders eight neighboring frames at a time: each is a phasor that is rotated by the angle of eight frames.
  private func add(
    to frames: inout [Double],
    at start: Int,
    from: (amplitude: Double, cycles: Double),
    to: (amplitude: Double, cycles: Double)
  ) {
    let steps = 1 / Double(Self.blockLength)
    let angle = 2 * Double.pi * (to.cycles - from.cycles) * steps
    let origin = 2 * Double.pi * (from.cycles - from.cycles.rounded())
    let (turnX, turnY) = (cos(angle), sin(angle))
    var (x, y) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
    (x[0], y[0]) = (cos(origin), sin(origin))
    for lane in 1..<8 {
      x[lane] = x[lane - 1] * turnX - y[lane - 1] * turnY
      y[lane] = x[lane - 1] * turnY + y[lane - 1] * turnX
    }
    let (leapX, leapY) = (cos(8 * angle), sin(8 * angle))
    let slope = (to.amplitude - from.amplitude) * steps
    var amplitude = from.amplitude + slope * SIMD8<Double>(0, 1, 2, 3, 4, 5, 6, 7)
    frames.withUnsafeMutableBufferPointer { buffer in
      var frame = start
      let end = min(start + Self.blockLength, buffer.count)
      while frame < end {
        let value = amplitude * y
        for lane in 0..<min(8, end - frame) { buffer[frame + lane] += value[lane] }
        (x, y) = (x * leapX - y * leapY, x * leapY + y * leapX)
        amplitude += 8 * slope
        frame += 8
      }
    }
  }
}

extension Burst {
  /// Adds the noise: white, through a two-pole high-pass and low-pass at the band's edges.
  func add(to frames: inout [Double], of tone: Tone, settling: Settling, random: inout Randomness) {
    let start = Int(delay * tone.rate)
    guard start < frames.count else { return }
    let count = min(frames.count - start, Int((rise + 9 * fall) * tone.rate))
    var high = StateVariableFilter(corner: band.lowerBound, rate: tone.rate)
    var low = StateVariableFilter(corner: min(band.upperBound, tone.ceiling), rate: tone.rate)
    let noise = (0..<max(count, 2048)).map { _ in low.next(high.next(random.uniform(-1...1)).high).low }
    let scale = level / sqrt(noise.reduce(0) { $0 + $1 * $1 } / Double(noise.count))
    for i in 0..<count {
      let seconds = Double(i) / tone.rate
      let envelope = (1 - exp(-seconds / rise)) * exp(-seconds / fall) * settling.fading(delay + seconds)
      frames[start + i] += scale * envelope * noise[i]
    }
  }
}

/// A two-pole filter without resonance (trapezoidal state-variable form: Zavalishin, "The Art of VA Filter Design").
private struct StateVariableFilter {
  private let gain: Double
  private let damping = 1.414
  private var (first, second) = (0.0, 0.0)

  init(corner: Double, rate: Double) { gain = tan(.pi * min(corner, 0.49 * rate) / rate) }

  mutating func next(_ input: Double) -> (low: Double, high: Double) {
    let high = (input - (damping + gain) * first - second) / (1 + gain * (gain + damping))
    let band = gain * high + first
    let low = gain * band + second
    first = gain * high + band
    second = gain * band + low
    return (low, high)
  }
}
