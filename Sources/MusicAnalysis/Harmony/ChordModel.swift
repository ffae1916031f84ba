internal import Glibc
internal import MusicCore

/// A conditional random field over half quarters (Lafferty, McCallum & Pereira 2001), whose states are the 168 chords of
/// 12 roots and 14 qualities.
///
/// A chord is scored by the features of the pitch classes relative to its root, with the same weights for all roots;
/// non-chord tones in the melody weigh less than long notes and bass notes. Between frames a chord continues or changes to another;
/// changes are more probable on beats, with new bass notes, and by common root motions.
package enum ChordModel {
  /// A chord without its inversion.
  struct State: Hashable {
    /// The index in `ChordQuality.allCases`.
    var qualityIndex = 0
    /// 0 for C … 11 for B.
    var root = 0

    var quality: ChordQuality { ChordQuality.allCases[qualityIndex] }
  }

  static let qualities = ChordQuality.allCases.count
  static let families = 3

  static func index(of quality: ChordQuality) -> Int { ChordQuality.allCases.firstIndex(of: quality) ?? 0 }

  static let family = ChordQuality.allCases.map(\.family.rawValue)

  /// The log weights of root motions to all roots of a family, by the previous family and root: row
  /// `(from × 3 + to) × 12 + root`.
  static let motion: [Roots] = (0..<families * families * 12).map { row in
    Roots { rootMotion[row / 12 * 12 + ($0 - row % 12 + 12) % 12] }
  }

  /// The weight of each feature and pitch class: row `(feature × 12 + pitch class) × qualities + quality`.
  static let emission: [Roots] = (0..<HarmonicFrames.width * qualities).map { row in
    let (offset, quality) = (row / qualities, row % qualities)
    let feature = quality * HarmonicFrames.Feature.allCases.count + offset / 12
    return Roots { observation[feature * 12 + (offset % 12 - $0 + 12) % 12] }
  }

  /// Scale factors of the features and of the bias of the qualities.
  struct Scales {
    /// In the order of `HarmonicFrames.Feature`.
    var features: [Float] = [1, 1, 1, 1, 1]
    var bias: Float = 1

    /// In common-practice music, where inversions and passing tones are frequent, the lowest and the highest note
    /// are less informative, and sounding pitches and onsets more, than in songs; tuned by hand on annotated scores.
    static let commonPractice = Scales(features: [1.5, 1.3, 0.5, 0.7, 0.5], bias: 0.6)
  }

  /// The weights of all chords in all frames, `qualities` rows per frame, relative to the maximum of the frame.
  static func weights(_ frames: HarmonicFrames, _ scales: Scales = Scales()) -> [Roots] {
    let (qualities, width, emission) = (qualities, HarmonicFrames.width, emission)
    let bias = qualityBias.map { bias in Roots(repeating: bias * scales.bias) }
    var weights: [Roots] = []
    weights.reserveCapacity(frames.count * qualities)
    var scores = bias
    // The nonzero features, and the first row of each in `emission`.
    var present: [(row: Int, value: Float)] = []
    for frame in 0..<frames.count {
      present.removeAll(keepingCapacity: true)
      for offset in 0..<width {
        let value = frames.values[frame * width + offset] * scales.features[offset / 12]
        if value != 0 { present.append((offset * qualities, value)) }
      }
      emission.withUnsafeBufferPointer { emission in
        for quality in 0..<qualities {
          var score = bias[quality]
          for (row, value) in present { score += emission[row + quality] * value }
          scores[quality] = score
        }
      }
      let greatest = scores.reduce(-Float.infinity) { max($0, $1.greatest) }
      for row in scores { weights.append((row - greatest).exponential) }
    }
    return weights
  }

  /// The weights of a change into each frame relative to no change; beats are the frames `phase` after those of the grid.
  /// In common-practice music, chords change more often, above all on downbeats, and new bass notes are weaker evidence.
  static func changeWeights(_ frames: HarmonicFrames, phase: Int, isCommonPractice: Bool = false) -> [Float] {
    var weights = SIMD8<Float>(persistence + [0, 0])
    if isCommonPractice { weights = weights * SIMD8(0.88, 0.5, 1, 0.5, 1, 1, 1, 1) + SIMD8(0, 0, 0, 0, 0, 0, -1.15, 0) }
    return (0..<frames.count).map { frame in
      let onBeat: Float = frame >= phase && frames.isPulse[frame - phase] ? 1 : 0
      let (newBass, onsets) = (frames.newBass[frame], frames.onsets[frame])
      let onDownbeat: Float = frames.isDownbeat[frame] ? 1 : 0
      return exp(
        -(weights * SIMD8(1, newBass, onBeat, newBass * onBeat, onsets, newBass * onsets, onDownbeat, 0)).sum())
    }
  }
}
