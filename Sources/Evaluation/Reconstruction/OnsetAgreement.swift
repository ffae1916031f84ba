public import MusicAnalysis
public import MusicCore

/// Precision, recall and F1 of notes against a reference, by onset and pitch.
///
/// The definition is mir_eval's for notes without offsets (Raffel et al., ISMIR 2014), with exact pitch: a maximum
/// matching in which each note is matched with at most one note of the other side, of the same pitch and with an onset
/// within the tolerance. Agreements of several pieces can be added.
public struct OnsetAgreement: Hashable, Sendable, Codable {
  /// The number of onsets that have a partner.
  public var matched: Int
  /// The number of onsets of the original.
  public var reference: Int
  /// The number of onsets of the reconstruction.
  public var estimated: Int

  /// The agreement of no music.
  public static let zero = OnsetAgreement(matched: 0, reference: 0, estimated: 0)

  /// Creates an agreement from its counts.
  public init(matched: Int, reference: Int, estimated: Int) {
    self.matched = matched
    self.reference = reference
    self.estimated = estimated
  }

  /// Matches notes, which may be in any order. O(n log n).
  public init(_ estimate: [PlayedNote], with reference: [PlayedNote], tolerance: Seconds = Seconds(0.05)) {
    let (ours, theirs) = (Self.onsets(estimate), Self.onsets(reference))
    // Both sides are sorted and the tolerance is constant, so matching each note with the first free partner is
    // optimal.
    matched = (0..<128).reduce(0) { $0 + Self.partners(ours[$1], theirs[$1], tolerance.rawValue) }
    self.reference = reference.count
    estimated = estimate.count
  }

  /// The share of estimated notes that match the reference; all three measures are 0 if there are no notes.
  public var precision: Double { Self.ratio(matched, estimated) }
  /// The share of reference notes that were found.
  public var recall: Double { Self.ratio(matched, reference) }
  /// The harmonic mean of precision and recall.
  public var f1: Double { Self.ratio(2 * matched, reference + estimated) }

  public static func + (a: Self, b: Self) -> Self {
    Self(matched: a.matched + b.matched, reference: a.reference + b.reference, estimated: a.estimated + b.estimated)
  }

  private static func ratio(_ part: Int, _ whole: Int) -> Double { whole > 0 ? Double(part) / Double(whole) : 0 }

  /// Onsets by pitch, sorted.
  private static func onsets(_ notes: [PlayedNote]) -> [[Double]] {
    var onsets = Array(repeating: [Double](), count: 128)
    for note in notes { onsets[Int(note.pitch.rawValue)].append(note.onset.rawValue) }
    return onsets.map { $0.sorted() }
  }

  private static func partners(_ a: [Double], _ b: [Double], _ tolerance: Double) -> Int {
    var (i, j, count) = (0, 0, 0)
    while i < a.count, j < b.count {
      // Distances are rounded to a tenth of a millisecond, as in mir_eval, so that a distance equal to the tolerance
      // matches.
      if ((a[i] - b[j]).magnitude * 10_000).rounded(.toNearestOrEven) / 10_000 <= tolerance {
        (i, j, count) = (i + 1, j + 1, count + 1)
      } else if a[i] < b[j] {
        i += 1
      } else {
        j += 1
      }
    }
    return count
  }
}
