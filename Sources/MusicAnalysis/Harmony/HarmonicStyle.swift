internal import MusicCore

/// Distinguishes the harmony of the common practice, with dominants and diminished chords over a bass that moves through
/// inversions, by steps and by chromatic tones, from that of songs, whose chords are mostly in root position and in which
/// sixths and minor sevenths are chords of their own.
struct HarmonicStyle {
  /// Shares of the time that sounds.
  private let driving: Double
  private let colored: Double
  /// Shares of all chords: those that go on as V–I does, and those whose root is not the lowest note.
  private let falling: Double
  private let inverted: Double
  private let chromatic: Double
  private let stepwise: Double

  /// The style of chords that were decoded without regard to it, one state a frame.
  init(_ states: [ChordModel.State], _ frames: HarmonicFrames) {
    var (sounding, driving, colored, chords, falling, inverted) = (0, 0, 0, 0, 0, 0)
    var last: ChordModel.State?
    var lowest: Int?
    func close() {
      guard let last, let lowest else { return }
      chords += 1
      if lowest % 12 != last.root { inverted += 1 }
    }
    for frame in states.indices where !frames.isSilent(frame) {
      let state = states[frame]
      sounding += 1
      switch state.quality {
      case .dim, .dim7, .hdim7, .dominant7: driving += 1
      case .maj7, .min7, .maj6, .min6, .minmaj7: colored += 1
      default: break
      }
      if state != last {
        close()
        if let last, [.maj, .dominant7].contains(last.quality), (last.root - state.root + 12) % 12 == 7 {
          falling += 1
        }
        (last, lowest) = (state, nil)
      }
      lowest = [lowest, frames.pitches[frame].lowest].compactMap(\.self).min()
    }
    close()
    func share(_ part: Int, of all: Int) -> Double { Double(part) / Double(max(1, all)) }
    self.driving = share(driving, of: sounding)
    self.colored = share(colored, of: sounding)
    self.falling = share(falling, of: chords)
    self.inverted = share(inverted, of: chords)
    chromatic = Self.chromatic(frames)
    stepwise = Self.stepwise(frames)
  }

  /// The share of what sounds, in stretches of four bars or so, that is in no scale of the seven tones that sound most.
  private static func chromatic(_ frames: HarmonicFrames) -> Double {
    var (inScale, total) = (0.0, 0.0)
    for start in stride(from: 0, to: frames.count, by: 32) {
      let sounding = frames.profile(.sounding, in: start..<min(frames.count, start + 32)).weights
      total += sounding.reduce(0, +)
      inScale += (0..<12).map { tonic in Scale.major.reduce(0) { $0 + sounding[(tonic + $1) % 12] } }.max() ?? 0
    }
    return total > 0 ? 1 - inScale / total : 0
  }

  /// The share of the frames that sound in which the lowest note is a step from that of the frame before.
  private static func stepwise(_ frames: HarmonicFrames) -> Double {
    let lowest = frames.pitches.compactMap(\.lowest)
    let steps = zip(lowest, lowest.dropFirst()).count { (1...2).contains(abs($1 - $0)) }
    return Double(steps) / Double(max(1, lowest.count - 1))
  }

  /// A score that is greater the more the harmony resembles the common practice.
  private var score: Double {
    driving + 0.9 * falling + 0.8 * inverted + 4 * chromatic + 2 * stepwise - 0.6 * colored
  }

  /// Whether chords are read as in the common practice: 114 of 118 annotated scores, and 2 of 299 songs.
  var isCommonPractice: Bool { score > 0.86 }

  /// Whether keys change as in the common practice, and not only between the parts of a song: 117 of 118 annotated scores,
  /// and 17 of 299 songs.
  var modulates: Bool { score > 0.6 }
}
