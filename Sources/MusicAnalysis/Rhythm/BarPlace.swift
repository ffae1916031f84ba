/// The metrical position of a beat in a bar of two, three or four beats, numbered for `BeatDecoder`: first the two positions
/// of bars of two beats, then those of three, then those of four.
package struct BarPlace {
  package static let all = [2, 3, 4].flatMap { length in
    (0..<length).map { BarPlace(length: length, index: $0) }
  }
  static let count = all.count

  /// The number of beats in the bar.
  package let length: Int
  /// The number of the beat in its bar, from 0.
  package let index: Int

  package var isFirst: Bool { index == 0 }
  package var isLast: Bool { index == length - 1 }

  /// The last positions of bars, as indices into `all`.
  static let last = all.indices.filter { all[$0].isLast }

  /// The preceding position of each, if no bar is cut short, as an index into `all`.
  static let previous = all.indices.map { place in all[place].isFirst ? place + all[place].length - 1 : place - 1 }

  /// The positions 1, 2 … beats before each, up to the maximum number of beats between two with a note.
  static let before = (1...BeatDecoder.longestSkip).map { beats in all.indices.map { place(beats, before: $0) } }

  /// The position a number of beats before one.
  package static func place(_ beats: Int, before place: Int) -> Int {
    (0..<beats).reduce(place) { place, _ in previous[place] }
  }
}
