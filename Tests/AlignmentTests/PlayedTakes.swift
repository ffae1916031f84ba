import Alignment
import Foundation
import MIDIFiles
import MusicAnalysis
import MusicCore
import TestSupport

/// Takes generated from scores by known changes.
struct PlayedTake {
  /// The changes to the score.
  struct Changes {
    /// Of so many notes one is left out, played as another, or has one more beside it; 0 is none.
    var missing = 0
    var wrong = 0
    var extra = 0
    /// The relative amplitude of the tempo variation.
    var rubato = 0.0
    /// Standard deviation of the onsets in seconds.
    var jitter = 0.0
    /// The lead of the right hand in seconds.
    var lead = 0.0
    /// The factor by which the take is slower.
    var stretch = 1.0
  }

  /// By rising onset.
  var notes: [PlayedNote]
  /// The indices of notes of the score that are missing, and that another pitch is played for.
  var missing: Set<Int> = []
  var wrong: [Int: Pitch] = [:]
  /// The notes that are extra.
  var extra: Set<PlayedNote> = []

  static func score(_ piece: String) throws -> Score {
    let path = CommandLineProgram.checkout.appendingPathComponent("corpus/\(piece).mid").path
    return try MIDIFile(path: path).score
  }

  /// When a moment of the score is played with a rubato: the tempo goes up and down by its share in five seconds, and
  /// by half of it in little more than one.
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
        // A key beside, which the chord does not have.
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

  /// How many of the notes that were changed are found as such, and how many that are found were changed.
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
