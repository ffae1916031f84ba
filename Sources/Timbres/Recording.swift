internal import Glibc

/// A tone rendered to frames.
struct Recording: Sendable {
  var frames: [Double]
  var rate: Int
  var loop: Range<Int>?
  var key: Int
  /// The decay of the sampler's volume envelope, in decibels per second.
  var decay: Double

  /// Renders `tone`; `name` seeds its noise.
  init(_ tone: Tone, name: String) {
    let margin = tone.loop == 0 ? 0 : 8
    let start = max(margin, tone.lead)
    var frames = [Double](repeating: 0, count: start + tone.loop + margin)
    let settling = Settling(lead: Double(start) / tone.rate, isLooped: tone.loop > 0)
    for partial in tone.partials { partial.add(to: &frames, of: tone, settling: settling) }
    var random = Randomness(name)
    for burst in tone.bursts { burst.add(to: &frames, of: tone, settling: settling, random: &random) }
    fade(&frames, count: Int(tone.onset * tone.rate)) { $0 }
    if tone.loop == 0 {
      let last = frames.count - 1
      fade(&frames, count: Int(0.01 * tone.rate)) { last - $0 }
    }
    self.frames = frames
    rate = Int(tone.rate)
    loop = tone.loop == 0 ? nil : start..<start + tone.loop
    key = tone.key
    decay = tone.decay
  }

  /// Scales to a loudness in dBFS, with no peak above −1 dBFS.
  mutating func normalize(loudness target: Double) {
    let peak = frames.reduce(0) { max($0, abs($1)) }
    let scale = min(ratio(decibels: target) / loudness, ratio(decibels: -1) / peak)
    for i in frames.indices { frames[i] *= scale }
  }

  /// The root mean square of the loudest 200 ms, weighted to frequencies above 200 Hz, to which the ear is more
  /// sensitive at moderate levels.
  private var loudness: Double {
    let pole = exp(-2 * Double.pi * 200 / Double(rate))
    let window = min(frames.count, rate / 5)
    var squares: [Double] = []
    squares.reserveCapacity(frames.count)
    var (low, sum, best) = (0.0, 0.0, 0.0)
    for (i, frame) in frames.enumerated() {
      low = pole * low + (1 - pole) * frame
      // Low frequencies keep some weight, so that a low sine does not count as silence.
      let weighted = frame - 0.7 * low
      squares.append(weighted * weighted)
      sum += squares[i]
      if i >= window { sum -= squares[i - window] }
      best = max(best, sum)
    }
    // Sounds shorter than 50 ms are perceived as softer; a loop continues.
    return sqrt(best / Double(loop == nil ? max(window, rate / 20) : window))
  }
}

/// Multiplies the `count` frames at `index(0)`, `index(1)` … with a half cosine from 0 to 1.
private func fade(_ frames: inout [Double], count: Int, index: (Int) -> Int) {
  for i in 0..<min(count, frames.count) {
    frames[index(i)] *= 0.5 - 0.5 * cos(.pi * Double(i) / Double(count))
  }
}

/// The way in which a tone's development slows down and stops at the start of the loop.
struct Settling {
  /// The time before the loop, in seconds.
  var lead: Double
  var isLooped: Bool

  /// The development time at `seconds`: equal to it in the first half of the lead, then slowing by a half cosine, and
  /// constant in the loop.
  func development(_ seconds: Double) -> Double {
    guard isLooped, seconds > lead / 2 else { return seconds }
    let half = lead / 2
    guard seconds < lead else { return 1.5 * half }
    let x = seconds - half
    return half + x / 2 + half / (2 * .pi) * sin(.pi * x / half)
  }

  /// The factor of noise bursts: 1 in the first half of the lead, 0 in the loop.
  func fading(_ seconds: Double) -> Double {
    guard isLooped, seconds > lead / 2 else { return 1 }
    guard seconds < lead else { return 0 }
    return 0.5 + 0.5 * cos(.pi * (seconds / lead - 0.5) * 2)
  }
}
