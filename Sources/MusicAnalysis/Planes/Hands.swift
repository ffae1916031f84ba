internal import MusicCore

/// The assignment of notes to the two hands, or to the upper and lower half of an ensemble.
///
/// If the mean pitches of the tracks differ enough, the upper tracks are the right hand. Otherwise a split point separates
/// the hands: the exponential moving average of the centers of the widest gaps in the onset groups.
struct Hands {
  /// For each note, whether it is in the right hand.
  let isRight: [Bool]

  /// The hands of notes that are sorted by onset. O(n log n).
  init(_ notes: [PlayedNote]) {
    var sums: [Int: (pitch: Int, count: Int)] = [:]
    for note in notes {
      sums[note.track, default: (0, 0)].pitch += Int(note.pitch.rawValue)
      sums[note.track, default: (0, 0)].count += 1
    }
    let means = sums.mapValues { Double($0.pitch) / Double($0.count) }
    let enough = max(1, notes.count / 20)
    let voices = means.filter { (sums[$0.key]?.count ?? 0) >= enough }.values
    if let lowest = voices.min(), let highest = voices.max(), highest - lowest > 5 {
      let border = (lowest + highest) / 2
      isRight = notes.map { (means[$0.track] ?? 0) >= border }
    } else {
      isRight = Self.split(notes)
    }
  }

  private static func split(_ notes: [PlayedNote]) -> [Bool] {
    var border = 60.0
    var isRight = [Bool](repeating: false, count: notes.count)
    for group in OnsetGroup.groups(of: notes) {
      let pitches = notes[group.notes].map { Double($0.pitch.rawValue) }.sorted()
      let gaps = zip(pitches, pitches.dropFirst())
      if let gap = gaps.max(by: { $0.1 - $0.0 < $1.1 - $1.0 }), gap.1 - gap.0 >= 9 {
        border = min(max(0.8 * border + 0.2 * (gap.0 + gap.1) / 2, 48), 72)
      }
      for index in group.notes { isRight[index] = Double(notes[index].pitch.rawValue) >= border }
    }
    return isRight
  }
}
