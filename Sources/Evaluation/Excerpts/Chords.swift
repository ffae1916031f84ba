internal import MusicAnalysis
internal import MusicCore
internal import MusicTokens

extension [PlayedNote] {
  /// The notes that are struck together, as ranges of notes by rising onset: what starts up to two ticks of 1/64 s after
  /// the first note of a chord belongs to it, since players spread chords, and rounding to ticks does. O(n).
  var chords: [Range<Int>] {
    func tick(_ index: Int) -> Int { TokenTime(self[index].onset).rawValue }
    var chords: [Range<Int>] = []
    var start = 0
    for index in indices.dropFirst() where tick(index) - tick(start) > 2 {
      chords.append(start..<index)
      start = index
    }
    if !isEmpty { chords.append(start..<count) }
    return chords
  }
}
