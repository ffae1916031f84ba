internal import Foundation
internal import MusicAnalysis
package import MusicCore

/// The cost of music as an answer to a call: the terms of a weighted sum, each zero or more. Smaller is better.
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
  /// The mean negative log-likelihood under the model, in nats per token.
  package var surprise = 0.0
  /// The length of the longest run of notes copied from the call; 0 below 16 notes.
  package var copying = 0.0

  /// The difference in the number of simultaneous notes, in octaves.
  package var texture = 0.0
  /// The distance between the pitch-class distributions of answer and call: their Jensen–Shannon divergence in bits,
  /// less that of as many notes drawn from the call at random, which is greater for fewer notes; 0…1.
  package var tonality = 0.0
  /// By how much the share of melodic figures that repeat earlier ones of the answer is above the same share of the call,
  /// 0…1.
  package var repetition = 0.0
  /// The mean distance of onsets from the grid that they are moved to, in units of the grid, 0…0.5.
  package var grid = 0.0
  /// If the answer ends, how little its last chord sounds like an end: the evidence against one in nats, 0 for a tonic.
  package var ending = 0.0

  package init() {}

  /// The weighted sum of all terms.
  ///
  /// - Parameter develop: how much of the call's figures the answer is to use, 0…1.
  package func total(develop: Double) -> Double {
    // A quote has far more figures in common than other music, and more than `develop` asks for must not outweigh all
    // else.
    density + level + register / 6 + 4 * key + 0.5 * surprise + 4 * grid + texture + 8 * tonality + 3 * repetition
      + ending - (6 + 14 * develop) * min(motif, develop * develop) + (develop < 1 ? copying / 4 : 0)
  }
}

extension AnswerCost {
  /// Where the call would have fewer notes than this, silence costs less.
  private static let fewNotes = 2.0

  /// The cost of a stretch of music as an answer to a call.
  ///
  /// - Parameters:
  ///   - events: starts and ends of notes, by rising tick.
  ///   - seconds: the length of the music.
  ///   - pitchClasses: the pitch classes of the key; nil if there is none.
  ///   - quantizer: the quantizer that will move the events; nil if there is none.
  ///   - isBeside: whether both play at once, each in a register of its own.
  ///   - earlier: the latest onsets of the same answer, by rising tick.
  package init(
    of events: [PlannedEvent], seconds: Double, answering call: Call, pitchClasses: PitchClassSet?,
    quantizer: Quantizer? = nil, isBeside: Bool = false, after earlier: [PlannedEvent] = []
  ) {
    let starts = events.filter { $0.level != nil }
    guard !starts.isEmpty else {
      // Silence is chosen only if there is nothing better, unless the call has hardly a note in this time.
      var cost = 1.0
      if !isBeside, let wanted = call.density { cost = pow(min(1, wanted * seconds / Self.fewNotes), 2) }
      (density, level, tonality) = (4 * cost, cost, cost)
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
    let profile = call.pitchClasses
    let divergence = PitchClassProfile(of: starts.map(\.pitch)).divergence(from: profile)
    tonality = max(0, divergence - profile.expectedDivergence(ofNotes: starts.count))
    if let quantizer {
      grid = starts.reduce(0) { $0 + quantizer.distance(of: $1.tick) } / Double(starts.count)
    }
    let melody = Melody(starts.map { ($0.tick, $0.pitch) })
    if let wanted = call.notesPerOnset {
      texture = abs(log2(Double(starts.count) / Double(melody.tones.count) / wanted))
    }
    let heard = Melody(call.strikes.map { ($0.tick, $0.pitch) })
    motif = melody.share(of: heard)
    let own = melody.repetition(after: Melody(earlier.map { ($0.tick, $0.pitch) }))
    repetition = max(0, own - heard.repetition(after: Melody([])))
    let run = melody.longestRun(in: heard)
    copying = run >= 16 ? Double(run) : 0
  }
}
