internal import Glibc
internal import MusicCore

/// How much lies how far apart around each chord: long notes, and notes of the same pitch.
///
/// An autocorrelation tempogram (Grosche & Müller, IEEE TASLP 2011) over pairs of chords instead of an onset curve.
struct Tempogram {
  /// Bins, logarithmic in the time between two chords.
  static let lagCount = 28
  private static let lags = 0.15...4.2
  /// Pairs count whose first chord is less than 7 s before and less than 3 s behind: a pair reaches forward, so that this
  /// holds as much before a chord as after it.
  private static let (before, after) = (7.0, 3.0)
  private static let width = 2 * lagCount
  private static let binsPerE = Double(lagCount - 1) / log(lags.upperBound / lags.lowerBound)
  /// Factors that make sums by the logarithm of time sums by unit of time.
  private static let perSecond = (0..<lagCount).map { exp(-Double($0) / binsPerE) }

  /// What a chord weighs.
  struct Weight {
    var onset: Double
    /// The lengths of the notes in seconds, each from 0.05 to 1.5.
    var length: Double
    var noteCount: Int
    var pitches: PitchSet
  }

  private let onsets: [Double]
  /// Sums over the pairs whose first chord is before each chord, (chords + 1) × `width`.
  private let sums: [Double]

  /// O(pairs of chords within 4.2 s).
  init(_ weights: [Weight]) {
    onsets = weights.map(\.onset)
    let masses = weights.map { log(1 + $0.length / 0.2) }
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
        add(masses[i] * masses[j], at: row)
        let common = weight.pitches.intersection(weights[j].pitches).count
        if common > 0 {
          let most = Double(weight.noteCount * weights[j].noteCount).squareRoot()
          add(Double(common) / most, at: row + Self.lagCount)
        }
      }
    }
    self.sums = sums
  }

  /// Writes the `2 · lagCount` features of each chord: by how much a lag has more than the mean of all, first of long notes and
  /// then of repeated ones; `rows` has `stride` numbers for each chord, of which they begin at `column`.
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
