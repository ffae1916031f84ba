internal import Glibc
internal import MusicCore

/// An autocorrelation tempogram (Grosche & Müller, IEEE TASLP 2011) over pairs of chords instead of a novelty curve: around
/// each chord, the weights of the time lags between chords, by the durations of their notes and by repeated pitches.
struct Tempogram {
  /// The number of lags, logarithmic in time.
  static let lagCount = 28
  private static let lags = 0.15...4.2
  /// The window in seconds before and after a chord in which the first chord of a pair lies. It is asymmetric because the
  /// second chord of a pair is up to 4.2 s later.
  private static let (before, after) = (7.0, 3.0)
  private static let width = 2 * lagCount
  private static let binsPerE = Double(lagCount - 1) / log(lags.upperBound / lags.lowerBound)
  /// Factors that convert densities over logarithmic time to densities over time.
  private static let perSecond = (0..<lagCount).map { exp(-Double($0) / binsPerE) }

  /// The properties of a chord that determine its weight.
  struct Weight {
    var onset: Double
    /// The sum of the durations of the notes in seconds, each clamped to 0.05–1.5.
    var length: Double
    var noteCount: Int
    var pitches: PitchSet
  }

  private let onsets: [Double]
  /// Cumulative sums over the pairs by their first chord, (chords + 1) × `width`.
  private let sums: [Double]

  /// Creates a tempogram. O(pairs of chords within 4.2 s).
  init(_ weights: [Weight]) {
    onsets = weights.map(\.onset)
    let lengthWeights = weights.map { log(1 + $0.length / 0.2) }
    var sums = [Double](repeating: 0, count: (weights.count + 1) * Self.width)
    for (i, weight) in weights.enumerated() {
      let row = (i + 1) * Self.width
      for bin in 0..<Self.width { sums[row + bin] = sums[row - Self.width + bin] }
      for j in (i + 1)..<max(i + 1, weights.count) {
        let lag = weights[j].onset - weight.onset
        if lag > Self.lags.upperBound { break }
        if lag < Self.lags.lowerBound { continue }
        let place = log(lag / Self.lags.lowerBound) * Self.binsPerE
        let bin = min(Int(place), Self.lagCount - 2)
        let part = place - Double(bin)
        func add(_ amount: Double, at start: Int) {
          sums[start + bin] += amount * (1 - part)
          sums[start + bin + 1] += amount * part
        }
        add(lengthWeights[i] * lengthWeights[j], at: row)
        let common = weight.pitches.intersection(weights[j].pitches).count
        if common > 0 {
          let most = Double(weight.noteCount * weights[j].noteCount).squareRoot()
          add(Double(common) / most, at: row + Self.lagCount)
        }
      }
    }
    self.sums = sums
  }

  /// Writes the `2 · lagCount` features of each chord: the relative excess of each lag over the mean of all lags, first by
  /// durations and then by repeated pitches. `rows` has `stride` numbers per chord; the features begin at `column`.
  func write(to rows: inout [Float], stride: Int, column: Int) {
    let perSecond = Self.perSecond
    var shares = [Double](repeating: 0, count: Self.lagCount)
    var (first, end) = (0, 0)
    rows.withUnsafeMutableBufferPointer { rows in
      sums.withUnsafeBufferPointer { sums in
        for (chord, onset) in onsets.enumerated() {
          while first < chord, onsets[first] < onset - Self.before { first += 1 }
          while end < onsets.count, onsets[end] < onset + Self.after { end += 1 }
          for half in Swift.stride(from: 0, to: Self.width, by: Self.lagCount) {
            let (upper, lower) = (end * Self.width + half, first * Self.width + half)
            var total = 0.0
            for bin in shares.indices {
              shares[bin] = (sums[upper + bin] - sums[lower + bin]) * perSecond[bin]
              total += shares[bin]
            }
            let mean = total / Double(Self.lagCount) + 1e-6
            let row = chord * stride + column + half
            for bin in shares.indices { rows[row + bin] = Float(min(shares[bin] / mean - 1, 3)) }
          }
        }
      }
    }
  }
}
