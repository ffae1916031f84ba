internal import Foundation
internal import MusicAnalysis
package import MusicCore

/// How far music is from what answers a call, each part zero or more. Smaller is better.
package struct AnswerCost: Hashable, Sendable {
  /// The difference in density, in octaves.
  package var density = 0.0
  /// The difference in dynamics, in levels.
  package var level = 0.0
  /// The difference of the median pitches, in semitones.
  package var register = 0.0
  /// The share of notes that start outside the key.
  package var key = 0.0
  /// The share of melodic figures of four notes that are the call's, 0…1; the one part of which more is better.
  package var motif = 0.0
  /// How improbable the music was to the model, in nats a token.
  package var surprise = 0.0
  /// How many notes in a row, from 16 on, are the call's own.
  package var copying = 0.0

  /// The difference in how many notes are struck at once, in octaves.
  package var texture = 0.0
  /// The distance between the pitch-class distributions of answer and call: their Jensen–Shannon divergence, in bits, 0…1.
  package var tonality = 0.0
  /// How far starts are from the grid that they are moved to, in its units, 0…0.5.
  package var grid = 0.0

  package init() {}

  /// One number of all parts.
  ///
  /// - Parameter develop: how much the answer is to be made of the call's figures, 0…1.
  package func total(develop: Double) -> Double {
    // A quote has far more figures in common than other music, and more than `develop` asks for must not outweigh all else.
    density + level + register / 6 + 4 * key + 0.5 * surprise + 4 * grid + texture + 4 * tonality
      - (6 + 14 * develop) * min(motif, develop * develop) + (develop < 1 ? copying / 4 : 0)
  }
}

extension AnswerCost {
  /// What music costs as an answer.
  ///
  /// - Parameters:
  ///   - events: starts and ends, by rising tick.
  ///   - seconds: how long it lasts.
  ///   - pitchClasses: those of the key; nil where there is none.
  ///   - quantizer: what will move the events; nil where nothing does.
  ///   - isBeside: whether both are heard at once, and each has a register of his own.
  package init(
    of events: [PlannedEvent], seconds: Double, answering call: Call, pitchClasses: PitchClassSet?,
    quantizer: Quantizer? = nil, isBeside: Bool = false
  ) {
    let starts = events.filter { $0.level != nil }
    guard !starts.isEmpty else {
      // Silence is an answer only where nothing better is found.
      (density, level, tonality) = (4, 1, 1)
      return
    }
    if let wanted = call.density, seconds > 0 {
      density = abs(log2(max(0.1, Double(starts.count) / seconds) / (call.share * wanted)))
    }
    if let wanted = call.level, let own = median(starts.compactMap { $0.level.map { Double($0.rawValue) } }) {
      level = abs(own - wanted)
    }
    if !isBeside, let wanted = call.register, let own = median(starts.map { Double($0.pitch.rawValue) }) {
      register = abs(own - wanted)
    }
    if let pitchClasses {
      let outside = starts.count { !pitchClasses.contains($0.pitch.pitchClass) }
      key = Double(outside) / Double(starts.count)
    }
    tonality = PitchClassProfile(of: starts.map(\.pitch)).divergence(from: call.pitchClasses)
    if let quantizer {
      grid = starts.reduce(0) { $0 + quantizer.distance(of: $1.tick) } / Double(starts.count)
    }
    let melody = Melody(starts.map { ($0.tick, $0.pitch) })
    if let wanted = call.notesPerOnset {
      texture = abs(log2(Double(starts.count) / Double(melody.tones.count) / wanted))
    }
    let heard = Melody(call.strikes.map { ($0.tick, $0.pitch) })
    motif = melody.share(of: heard)
    let run = melody.longestRun(in: heard)
    copying = run >= 16 ? Double(run) : 0
  }
}
