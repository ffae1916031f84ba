package import MusicCore
internal import MusicTokens

/// A quote of the call's motif.
package enum Quote: Int, CaseIterable, Sendable {
  case literal, sequence, inversion, octave

  /// The events of a quote: the notes of a motif with the timing of the call, from a step on. The last note is left
  /// open, so that the music continues from it.
  ///
  /// - Parameters:
  ///   - pitchClasses: the pitch classes of the key; nil if there is none.
  ///   - range: the allowed pitches.
  package func events(
    of motif: ArraySlice<Melody.Tone>, from step: Int, level: DynamicLevel, pitchClasses: PitchClassSet?,
    range: ClosedRange<Int>
  ) -> [PlannedEvent]? {
    guard let first = motif.first else { return nil }
    // More than four seconds would be too long for a beginning: of slow music, fewer notes are quoted.
    let limit = first.tick.step + 4 * TokenTime.ticksPerSecond
    let motif = motif.prefix { $0.tick.step <= limit }
    guard motif.count >= Melody.motifNotes.lowerBound else { return nil }
    let steps = motif.map { $0.tick.step - first.tick.step }
    let pitches = motif.map { tone in
      switch self {
      case .literal: tone.pitch
      case .sequence: Self.scaleStep(from: tone.pitch, by: 2, pitchClasses)
      case .inversion: Self.nearest(to: 2 * first.pitch - tone.pitch, pitchClasses)
      case .octave: tone.pitch + (first.pitch < (range.lowerBound + range.upperBound) / 2 ? 12 : -12)
      }
    }
    guard pitches.allSatisfy(range.contains) else { return nil }
    var events: [PlannedEvent] = []
    for (index, pitch) in pitches.enumerated() {
      guard let pitch = UInt8(exactly: pitch).flatMap(Pitch.init(rawValue:)) else { return nil }
      let onset = step + steps[index]
      if index > 0 {
        events.append(PlannedEvent(tick: Tick(step: onset), pitch: events[events.count - 1].pitch, level: nil))
      }
      events.append(PlannedEvent(tick: Tick(step: onset), pitch: pitch, level: level))
    }
    return events
  }

  private static func isIn(_ pitch: Int, _ pitchClasses: PitchClassSet?) -> Bool {
    pitchClasses?.contains(PitchClass(semitones: pitch)) ?? true
  }

  /// The pitch a number of scale degrees higher.
  private static func scaleStep(from pitch: Int, by degrees: Int, _ pitchClasses: PitchClassSet?) -> Int {
    guard let pitchClasses, !pitchClasses.isEmpty else { return pitch + 2 * degrees }
    var (result, left) = (pitch, degrees)
    while left > 0 {
      result += 1
      if isIn(result, pitchClasses) { left -= 1 }
    }
    return result
  }

  private static func nearest(to pitch: Int, _ pitchClasses: PitchClassSet?) -> Int {
    [0, -1, 1, -2, 2].map { pitch + $0 }.first { isIn($0, pitchClasses) } ?? pitch
  }
}
