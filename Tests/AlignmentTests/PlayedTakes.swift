import Alignment
import Foundation
import MIDIFiles
import MusicAnalysis
import MusicCore
import TestSupport

/// A take generated from a score by known changes.
struct PlayedTake {
  /// The changes made to the score.
  struct Changes {
    /// One note in this many is left out, played at a wrong pitch, or accompanied by an extra note; 0 means never.
    var missing = 0
    var wrong = 0
    var extra = 0
    /// The relative amplitude of the tempo variation.
    var rubato = 0.0
    /// The standard deviation of the onsets from their exact times, in seconds.
    var jitter = 0.0
    /// How far the right hand plays ahead of the left, in seconds.
    var lead = 0.0
    /// The factor by which the take is slower than the score.
    var stretch = 1.0
  }

  /// Sorted by onset.
  var notes: [PlayedNote]
  /// The indices in the score of the notes that the take leaves out.
  var missing: Set<Int> = []
  /// The pitches played in place of the notes of the score with these indices.
  var wrong: [Int: Pitch] = [:]
  /// The notes that the score does not have.
  var extra: Set<PlayedNote> = []

  static func score(_ piece: String) throws -> Score {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(piece).mid").path
    return try MIDIFile(path: path).score
  }

  /// The time at which a moment of the score is played. With rubato the tempo varies with a period of 5 s, and in
  /// addition by half as much with a period of 1.2 s.
  static func time(_ seconds: Double, _ changes: Changes) -> Double {
    let swing = 2.5 / 4 * sine(seconds / 2.5) + 0.3 / 4 * sine(seconds / 0.6)
    return 1.5 + changes.stretch * (seconds + changes.rubato * swing)
  }

  private static func sine(_ x: Double) -> Double {
    // A parabola in each half period, of slope 4 where it is steepest.
    let turn = x / 2 - (x / 2).rounded(.down)
    return turn < 0.5 ? 16 * turn * (0.5 - turn) : -16 * (turn - 0.5) * (1 - turn)
  }

  init(_ score: [PlayedNote], _ changes: Changes, seed: UInt64 = 1) {
    var generator = SeededGenerator(seed: seed)
    func normal() -> Double {
      (0..<4).reduce(0) { sum, _ in sum + Double.random(in: -0.866...0.866, using: &generator) }
    }
    func happens(_ oneOf: Int) -> Bool { oneOf > 0 && Int.random(in: 0..<oneOf, using: &generator) == 0 }
    let hands = score.hands
    let chords = Dictionary(grouping: score.indices) { score[$0].onset }
    notes = []
    for (index, note) in score.enumerated() {
      var played = note
      let shift = normal() * changes.jitter - (hands[index] ? changes.lead : 0)
      played.onset = Seconds(Self.time(note.onset.rawValue, changes) + shift)
      played.end = Seconds(max(played.onset.rawValue + 0.02, Self.time(note.end.rawValue, changes) + shift))
      if happens(changes.missing) {
        missing.insert(index)
        continue
      }
      if happens(changes.wrong) {
        // A neighboring key that is not part of the chord.
        let others = chords[note.onset, default: []].map { score[$0].pitch }
        let near = [1, -1, 2, -2].compactMap { note.pitch.transposed(by: $0) }.first { !others.contains($0) }
        if let near {
          wrong[index] = near
          played.pitch = near
        }
      } else if happens(changes.extra), let pitch = note.pitch.transposed(by: 1) {
        var other = played
        other.pitch = pitch
        other.onset = other.onset + Seconds(0.004)
        notes.append(other)
        extra.insert(other)
      }
      notes.append(played)
    }
    notes.sort { ($0.onset, $0.pitch, $0.track) < ($1.onset, $1.pitch, $1.track) }
  }

  /// Recall and precision of the alignment for each kind of change.
  func found(_ alignment: TakeAlignment) -> (missing: Measure, wrong: Measure, extra: Measure) {
    func notes(_ kind: AlignedNote.Kind) -> [AlignedNote] { alignment.notes.filter { $0.kind == kind } }
    let missing = Set(notes(.missing).compactMap(\.reference))
    let wrong = Set(
      notes(.wrong).compactMap { note -> Int? in
        guard let expected = note.reference, let played = note.played else { return nil }
        return self.wrong[expected] == alignment.take[played].pitch ? expected : -1 - played
      })
    let extra = Set(notes(.extra).compactMap { $0.played.map { alignment.take[$0] } })
    return (
      Measure(missing, self.missing), Measure(wrong, Set(self.wrong.keys)), Measure(extra, self.extra)
    )
  }

  struct Measure: CustomStringConvertible {
    var precision: Double
    var recall: Double

    init<Element>(_ found: Set<Element>, _ true: Set<Element>) {
      let both = Double(found.intersection(`true`).count)
      precision = found.isEmpty ? 1 : both / Double(found.count)
      recall = `true`.isEmpty ? 1 : both / Double(`true`.count)
    }

    var description: String { "precision \(precision), recall \(recall)" }
    var f: Double { precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall) }
  }
}
