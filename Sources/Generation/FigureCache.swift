internal import Glibc
internal import MusicCore

/// An n-gram cache of note figures (Kuhn & De Mori 1990) that finds them at any transposition: how the notes played last went
/// on when they were played before.
///
/// A figure is a run of notes in stream order: the intervals between them, and which notes start together.
package struct FigureCache: Sendable {
  private struct Note {
    var pitch: UInt8
    /// Whether it starts in the same tick as the note before it.
    var isSimultaneous: Bool
    /// The tick at which it starts.
    var onset: Int32
  }
  private var notes: [Note] = []

  /// The least and the largest number of intervals that are compared.
  static let lengths = 3...8
  /// The number of notes that are remembered, at least; twice as many at most.
  private static let capacity = 2048
  /// The minimum age of a statement, 2 s: the most recent notes are not an earlier statement of their own figure.
  private static let distance = 2 * TokenTime.ticksPerSecond
  /// The weight of a transposed statement. Themes return at their original pitch, or octaves from it, more often than
  /// elsewhere.
  private static let transposedWeight: Float = 0.25

  /// Allocates all memory, so that appending a note allocates none.
  init() { notes.reserveCapacity(2 * Self.capacity) }

  mutating func append(_ pitch: Int, at time: Int) {
    let onset = Int32(clamping: time)
    if notes.count == 2 * Self.capacity { notes.removeFirst(Self.capacity) }
    notes.append(Note(pitch: UInt8(pitch), isSimultaneous: notes.last?.onset == onset, onset: onset))
  }

  mutating func removeLast() { notes.removeLast() }

  package var last: (pitch: Int, onset: Int)? { notes.last.map { (Int($0.pitch), Int($0.onset)) } }

  /// The notes that followed the earlier statements of a figure.
  package struct Prediction {
    /// The probability of each pitch.
    package var shares = InlineArray<128, Float>(repeating: 0)
    /// The length of the longest figure with an earlier statement, in intervals: one of `lengths`.
    package var length = 0
    /// The number of earlier statements of that figure.
    package var statements = 0
  }

  /// Predicts the pitch of a note that starts at a tick; nil if the last notes have no earlier statement.
  ///
  /// A statement that agrees in n intervals has weight 2ⁿ.
  package func prediction(at time: Int) -> Prediction? {
    guard let last = notes.last else { return nil }
    let isSimultaneous = Int(last.onset) == time
    var prediction = Prediction()
    var total: Float = 0
    for index in notes.indices.dropFirst(Self.lengths.lowerBound + 1) {
      let next = notes[index]
      guard time - Int(next.onset) >= Self.distance else { break }
      guard next.isSimultaneous == isSimultaneous else { continue }
      let length = agreement(before: index)
      let transposition = Int(last.pitch) - Int(notes[index - 1].pitch)
      let pitch = Int(next.pitch) + transposition
      guard length >= Self.lengths.lowerBound, (0..<128).contains(pitch) else { continue }
      let weight = exp2f(Float(length)) * (transposition % 12 == 0 ? 1 : Self.transposedWeight)
      prediction.shares[pitch] += weight
      total += weight
      if length > prediction.length { (prediction.length, prediction.statements) = (length, 0) }
      if length == prediction.length { prediction.statements += 1 }
    }
    guard total > 0 else { return nil }
    for pitch in 0..<128 { prediction.shares[pitch] /= total }
    return prediction
  }

  /// The number of intervals before the note at `index` that equal the last intervals, up to the largest of `lengths`.
  private func agreement(before index: Int) -> Int {
    var (earlier, later, length) = (index - 1, notes.count - 1, 0)
    while length < Self.lengths.upperBound, earlier > 0,
      notes[earlier].isSimultaneous == notes[later].isSimultaneous,
      notes[earlier].pitch &- notes[earlier - 1].pitch == notes[later].pitch &- notes[later - 1].pitch
    {
      (earlier, later, length) = (earlier - 1, later - 1, length + 1)
    }
    return length
  }
}
