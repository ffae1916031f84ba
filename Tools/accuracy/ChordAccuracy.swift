internal import MusicAnalysis
internal import MusicCore
internal import Text

/// The number of beats with the annotated chord.
struct ChordAccuracy {
  private typealias Label = (root: PitchClass, quality: ChordQuality, bass: PitchClass)
  private var files = 0
  private var ours = Tally()
  private var templates = Tally()
  private var calibration = Calibration()

  init(_ files: [AnnotatedFile]) {
    for file in files {
      guard let track = file.chordTrack, case .metrical(let ticksPerQuarter) = file.score.division else { continue }
      let chords = file.harmony.chords
      self.files += 1
      var index = 0
      for (range, label) in Self.annotations(track) {
        let quarter = Int64(ticksPerQuarter)
        let first = (range.lowerBound + quarter / 2 - 1) / quarter * quarter
        for beat in stride(from: first, to: range.upperBound, by: ticksPerQuarter) {
          let center = beat + quarter / 2
          guard range.contains(center) else { continue }
          let time = file.score.tempoMap.seconds(at: Tick(rawValue: center))
          while index < chords.count, chords[index].end <= time { index += 1 }
          let chord = index < chords.count && chords[index].start <= time ? chords[index] : nil
          ours.add(chord.map { ($0.root.pitchClass, $0.quality, $0.bass.pitchClass) }, truth: label)
          if let chord {
            let isRight = chord.root.pitchClass == label.root && chord.quality == label.quality
            calibration.add(chord.confidence, isRight)
          }
          templates.add(ChordTemplates.best(file.score, from: beat, to: beat + quarter), truth: label)
        }
      }
    }
  }

  var rows: [String] {
    guard files > 0 else { return [] }
    let error = decimal(calibration.error, 3)
    return ours.rows(files: files) + templates.rows(files: files, method: ", by 120 templates")
      + ["| expected calibration error of chords, POP909 | \(files) | \(error) |"]
  }

  /// The block chords of a track that are in the vocabulary.
  private static func annotations(_ track: Track) -> [(Range<Int64>, Label)] {
    let blocks = Dictionary(grouping: track.notes, by: \.onset).sorted { $0.key < $1.key }
    // A chord ends where the next begins, even if some of its notes are held.
    let nextOnsets = blocks.dropFirst().map(\.key) + [track.notes.map(\.end).max() ?? .zero]
    return zip(blocks, nextOnsets).compactMap { block, next in
      let end = min(next, block.value.map(\.end).max() ?? next)
      guard end > block.key, let label = label(block.value.map(\.pitch)) else { return nil }
      return (block.key.rawValue..<end.rawValue, label)
    }
  }

  /// The chord of some pitches, in root position if it can be.
  private static func label(_ pitches: [Pitch]) -> Label? {
    guard let lowest = pitches.min() else { return nil }
    let classes = Set(pitches.map(\.pitchClass))
    let bass = lowest.pitchClass
    for root in [bass] + classes.subtracting([bass]).sorted() {
      for quality in ChordQuality.allCases where Set(quality.intervals.map(root.transposed(by:))) == classes {
        return (root, quality, bass)
      }
    }
    return nil
  }

  /// The number of right answers.
  private struct Tally {
    private var beats = 0
    private var roots = 0
    private var thirds = 0
    private var withThird = 0
    private var qualities = 0
    private var basses = 0

    mutating func add(_ answer: Label?, truth: Label) {
      beats += 1
      let root = answer?.root == truth.root
      let quality = root && answer?.quality == truth.quality
      if root { roots += 1 }
      if quality { qualities += 1 }
      if quality, answer?.bass == truth.bass { basses += 1 }
      if let third = truth.quality.third {
        withThird += 1
        if root, answer?.quality.third == third { thirds += 1 }
      }
    }

    func rows(files: Int, method: String = "") -> [String] {
      let shares = [
        ("root", roots, beats), ("maj/min", thirds, withThird), ("root and quality", qualities, beats),
        ("root, quality and bass", basses, beats),
      ]
      return shares.map { name, right, all in
        HarmonyAccuracy.row("chord at beat centers, POP909, \(name)\(method)", files: files, right, of: all)
      }
    }
  }
}
