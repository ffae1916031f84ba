package import Alignment
internal import MusicAnalysis
internal import MusicCore

/// The comparison of a take with its reference, as its page shows it: the measures, and the alignment of the notes.
package struct TakePage {
  let document: TakeDocument
  private let alignment: TakeAlignment

  package init(_ document: TakeDocument, _ alignment: TakeAlignment) {
    self.document = document
    self.alignment = alignment
  }

  /// Whether the right hand plays each of the notes of the take, by rising onset, according to the alignment; drums
  /// count as the left hand.
  func hands(of notes: [PlayedNote]) -> [Bool] {
    struct Strike: Hashable {
      var onset: Seconds
      var pitch: Pitch
    }
    var hands: [Strike: Bool] = [:]
    for note in alignment.notes {
      guard let played = note.played.map({ alignment.take[$0] }) else { continue }
      hands[Strike(onset: played.onset, pitch: played.pitch)] = note.isRightHand
    }
    return notes.map { hands[Strike(onset: $0.onset, pitch: $0.pitch)] ?? false }
  }
}
