internal import MusicAnalysis
internal import MusicCore
internal import MusicTokens

extension [PlayedNote] {
  /// The chords, as ranges of notes in order of onset: notes up to two ticks of 1/64 s after the first note of a chord
  /// belong to it, since players spread chords and times are rounded to ticks. O(n).
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
