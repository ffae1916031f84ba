import Glibc

extension [Double] {
  /// The level of the loudest 200 ms in dBFS, with frequencies below 200 Hz attenuated.
  var loudness: Double {
    let pole = exp(-2 * Double.pi * 200 / Player.rate)
    let window = Int(0.2 * Player.rate)
    var (low, sum, best) = (0.0, 0.0, 1e-20)
    var squares: [Double] = []
    squares.reserveCapacity(count)
    for (i, value) in enumerated() {
      low = pole * low + (1 - pole) * value
      squares.append((value - 0.7 * low) * (value - 0.7 * low))
      sum += squares[i]
      if i >= window { sum -= squares[i - window] }
      best = Swift.max(best, sum)
    }
    return 10 * log10(best / Double(window))
  }

  /// The root mean square level of `length` seconds from `start`, in dBFS.
  func level(at start: Double, for length: Double = 0.1) -> Double {
    let range = Int(start * Player.rate)..<Int((start + length) * Player.rate)
    return 10 * log10(self[range].reduce(1e-20) { $0 + $1 * $1 } / Double(range.count))
  }

  /// The power-weighted mean frequency of the sound around `frequency`, as an interval from it in cents.
  ///
  /// The signal is shifted down by `frequency` and low-pass filtered with a Hann window of some 15 Hz to either side.
  /// The phase differences between steps are averaged, weighted by power, so that vibrato or chorus counts by its mean.
  func cents(from frequency: Double, start: Double, seconds: Double) -> Double {
    let (window, hop) = (Int(0.13 * Player.rate), 128)
    let hann = (0..<window).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(window)) }
    let first = Int(start * Player.rate)
    let last = Swift.min(count, first + Int(seconds * Player.rate))
    var turned: [(x: Double, y: Double)] = []
    let step = 2 * Double.pi * frequency / Player.rate
    for i in first..<last {
      let angle = (step * Double(i)).truncatingRemainder(dividingBy: 2 * .pi)
      turned.append((self[i] * cos(angle), -self[i] * sin(angle)))
    }
    var (real, imaginary) = (0.0, 0.0)
    var previous: (x: Double, y: Double)?
    for begin in stride(from: 0, to: turned.count - window, by: hop) {
      var (x, y) = (0.0, 0.0)
      for i in 0..<window {
        x += hann[i] * turned[begin + i].x
        y += hann[i] * turned[begin + i].y
      }
      if let previous {
        real += x * previous.x + y * previous.y
        imaginary += y * previous.x - x * previous.y
      }
      previous = (x, y)
    }
    let hertz = atan2(imaginary, real) / (2 * .pi) * Player.rate / Double(hop)
    return 1200 * log2(1 + hertz / frequency)
  }

  /// The root mean square frequency of the spectrum in hertz, from the power of the signal and of its differences.
  var brightness: Double {
    let slope = zip(self, dropFirst()).reduce(0) { $0 + ($1.1 - $1.0) * ($1.1 - $1.0) }
    let power = reduce(1e-20) { $0 + $1 * $1 }
    return asin(Swift.min(1, sqrt(slope / power) / 2)) * Player.rate / .pi
  }
}

func frequency(ofKey key: Int) -> Double { 440 * exp2(Double(key - 69) / 12) }
