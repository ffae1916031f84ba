internal import MusicCore

/// Notes with almost simultaneous onsets: a chord.
///
/// The onsets of a chord in a performance spread over about 30 ms (Goebl, JASA 110, 2001), so a note belongs to the previous
/// chord if its onset is within `gap` of that of the last note and within `span` of that of the first.
package struct OnsetGroup {
  static let gap = 0.030
  static let span = 0.070

  /// The indices of its notes.
  package var notes: Range<Int>
  /// The mean onset in seconds.
  package var onset: Double
  var lowest: Int
  var highest: Int

  /// The chords of notes that are sorted by onset. O(n).
  package static func groups(of notes: [PlayedNote]) -> [OnsetGroup] {
    var chords: [OnsetGroup] = []
    var start = 0
    for index in 1...max(1, notes.count) where !notes.isEmpty {
      if index < notes.count {
        let onset = notes[index].onset.rawValue
        let together =
          onset - notes[index - 1].onset.rawValue <= gap && onset - notes[start].onset.rawValue <= span
        if together { continue }
      }
      chords.append(OnsetGroup(notes[start..<index]))
      start = index
    }
    return chords
  }

  private init(_ members: ArraySlice<PlayedNote>) {
    notes = members.indices
    onset = members.reduce(0) { $0 + $1.onset.rawValue } / Double(members.count)
    lowest = members.reduce(127) { min($0, Int($1.pitch.rawValue)) }
    highest = members.reduce(0) { max($0, Int($1.pitch.rawValue)) }
  }
}
