internal import Files
internal import Glibc
internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore
internal import Text

/// Counts the chords that the analyzer finds in unlabeled music, and their progressions, relative to the local key: the
/// source of `ChordModel.shares` and `ChordModel.progressionTenths`, after two rounds.
struct ChordCounts {
  /// Added to the count and to the expected count of each progression.
  private static let pseudocount = 5.0
  private static let modes = 2
  private static let columns: [ChordQuality] = [.maj, .min, .dim, .aug, .dominant7, .maj7, .min7, .hdim7, .dim7]

  /// Seconds, by mode, degree and quality.
  private var seconds = Array(repeating: 0.0, count: modes * 12 * columns.count)
  /// Chord changes, by mode, by the family and degree of the first chord, and by those of the second.
  private var changes = Array(repeating: 0.0, count: modes * 36 * 36)

  /// Prints the tables of all MIDI files in some folders and their subfolders, as Swift source.
  static func print(folders: [String]) {
    var counts = ChordCounts()
    for folder in folders {
      for name in (try? FolderContents(of: folder, extensions: ["mid"]))?.files ?? [] {
        guard let score = try? MIDIFile(path: "\(folder)/\(name)").score else { continue }
        counts.add(HarmonyAnalysis(score, beats: score.quarterBeats(), downbeats: score.downbeats()))
      }
    }
    counts.shares.forEach { Swift.print("    " + $0.map { decimal($0, 2) }.joined(separator: ", ") + ",") }
    counts.progressions.forEach { Swift.print("    " + $0.map(String.init).joined(separator: ", ") + ",") }
  }

  private mutating func add(_ harmony: HarmonyAnalysis) {
    var last: ChordSpan?
    for chord in harmony.chords {
      let following = harmony.localKeys.partitioningIndex { $0.end > chord.start + Seconds(1e-6) }
      guard let key = harmony.localKeys.dropFirst(following).first?.name.key else { continue }
      let (mode, degree) = (key.isMinor ? 1 : 0, Self.degree(chord, key))
      if let column = Self.columns.firstIndex(of: chord.quality) {
        seconds[(mode * 12 + degree) * Self.columns.count + column] += (chord.end - chord.start).rawValue
      }
      if let last, last.root.pitchClass != chord.root.pitchClass || last.quality != chord.quality {
        changes[(mode * 36 + Self.row(last, key)) * 36 + Self.row(chord, key)] += 1
      }
      last = chord
    }
  }

  private static func degree(_ chord: ChordSpan, _ key: Key) -> Int {
    chord.root.pitchClass.interval(above: key.tonic)
  }

  private static func row(_ chord: ChordSpan, _ key: Key) -> Int {
    let family =
      switch chord.quality {
      case .maj, .dominant7, .maj7, .maj6: 0
      case .min, .min7, .minmaj7, .min6: 1
      case .dim, .aug, .sus2, .sus4, .hdim7, .dim7: 2
      }
    return family * 12 + degree(chord, key)
  }

  /// Percentages of the time in each mode, one row per degree.
  private var shares: [[Double]] {
    (0..<Self.modes).flatMap { mode in
      let all = seconds[mode * 12 * Self.columns.count..<(mode + 1) * 12 * Self.columns.count]
      let total = max(1e-9, all.reduce(0, +))
      return (0..<12).map { degree in
        all.dropFirst(degree * Self.columns.count).prefix(Self.columns.count).map { 100 * $0 / total }
      }
    }
  }

  /// Ten times the logarithm of the ratio of each change's frequency to chance, one row per first chord.
  private var progressions: [[Int]] {
    (0..<Self.modes).flatMap { mode in
      let rows = (0..<36).map { from in Array(changes[(mode * 36 + from) * 36..<(mode * 36 + from + 1) * 36]) }
      let total = max(1, rows.joined().reduce(0, +))
      let reached = (0..<36).map { to in rows.reduce(0) { $0 + $1[to] } }
      return rows.map { row in
        let left = row.reduce(0, +)
        return zip(row, reached).map { count, reached in
          let expected = left * reached / total
          return Int((10 * log((count + Self.pseudocount) / (expected + Self.pseudocount))).rounded())
        }
      }
    }
  }
}
