import Evaluation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport

/// A note by its onset and length in ticks of 1/64 s.
func note(_ onset: Int, _ pitch: Int, length: Int = 8, velocity: UInt8 = 80) -> PlayedNote {
  PlayedNote(
    onset: Seconds(Double(onset) / 64), end: Seconds(Double(onset + length) / 64), pitch: Pitch(masking: UInt8(pitch)),
    velocity: Velocity(masking: velocity))
}

/// A take of notes that are given in any order.
func take(_ notes: [PlayedNote]) -> Take {
  Take(
    notes: notes.sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) },
    duration: notes.map(\.end).max() ?? .zero)
}

/// Random notes with few pitches and intervals of time, so that passages recur.
func randomNotes(_ count: Int, pitches: ClosedRange<Int>, steps: [Int], seed: UInt64) -> [PlayedNote] {
  var generator = SeededGenerator(seed: seed)
  var onset = 0
  return (0..<count).map { _ in
    onset += steps.randomElement(using: &generator) ?? 1
    return note(onset, Int.random(in: pitches, using: &generator))
  }
}

/// The encoded notes.
func stream(_ notes: [PlayedNote]) throws -> [Token] {
  let notes = notes.map {
    Note(
      onset: Tick(rawValue: Int64(($0.onset.rawValue * 64).rounded())),
      end: Tick(rawValue: Int64(($0.end.rawValue * 64).rounded())), pitch: $0.pitch, velocity: $0.velocity)
  }
  // 32 ticks a quarter at 120 quarters a minute are 64 a second.
  return try TokenEncoder().encode(
    Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 32)), tracks: [Track(notes: notes)]))
}

/// Random tokens from the first `kinds` of each kind.
func randomTokens(_ count: Int, kinds: Int, seed: UInt64) -> [Token] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).compactMap { _ in
    let first = UInt16.random(in: 0..<4, using: &generator)
    return Token(rawValue: [0, 128, 256, 768][Int(first)] + UInt16.random(in: 0..<UInt16(kinds), using: &generator))
  }
}

/// Tokens from their names, separated by commas.
func tokens(_ text: String) -> [Token] { text.split(separator: ",").compactMap { Token(String($0)) } }
