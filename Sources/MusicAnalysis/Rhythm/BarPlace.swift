/// The place of a beat in a bar of two, three or four beats, numbered for `BeatDecoder`: first both places of two beats,
/// then those of three, then those of four.
package struct BarPlace {
  package static let all = [2, 3, 4].flatMap { length in
    (0..<length).map { BarPlace(length: length, index: $0) }
  }
  static let count = all.count

  /// Beats in the bar.
  package let length: Int
  /// The number of the beat in its bar, from 0.
  package let index: Int

  package var isFirst: Bool { index == 0 }
  package var isLast: Bool { index == length - 1 }

  /// The last places of bars, as indices into `all`.
  static let last = all.indices.filter { all[$0].isLast }

  /// The place that comes before each in whole bars, as an index into `all`.
  static let previous = all.indices.map { place in all[place].isFirst ? place + all[place].length - 1 : place - 1 }

  /// The places that come 1, 2 … beats before each, for each number of beats that a search may skip.
  static let before = (1...BeatDecoder.longestSkip).map { beats in all.indices.map { place(beats, before: $0) } }

  /// The place that comes `beats` beats before.
  package static func place(_ beats: Int, before place: Int) -> Int {
    (0..<beats).reduce(place) { place, _ in previous[place] }
  }
}
