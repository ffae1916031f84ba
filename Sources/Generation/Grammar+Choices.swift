internal import ModelFormat
public import MusicTokens

extension Grammar {
  /// What may come next.
  ///
  /// It is never nothing while time is left. A shift may come except at the very start, where no pitch sounds and a
  /// level and a note may start; after a level, which comes only where a note may follow, and never last in a prompt;
  /// and after a shift, where all that sounds may end, or, where nothing does, a note may start.
  public var choices: Choices {
    var choices = Choices()
    guard !isOver else { return choices }
    if last != .level, lastStart == nil {
      let above = lastEnd.map(Self.above) ?? .max
      choices.ends = sounding & above
      let overdue = overdue & above
      if overdue != 0 {
        // The lowest comes first, and before it what is lower: ends rise.
        choices.ends &= ~Self.above(overdue.trailingZeroBitCount)
        return choices
      }
    }
    addStarts(to: &choices)
    choices.shifts = mayPass
    choices.end = mayEnd && last == .end && sounding == 0
    return choices
  }

  /// Whether time may pass now.
  private var mayPass: Bool {
    switch last {
    case .nothing: mayBeginWithShift
    case .level, .shift: false
    case .start, .end, .longestShift: true
    }
  }

  private func addStarts(to choices: inout Choices) {
    guard sounding.nonzeroBitCount < constraints.maximumPolyphony else { return }
    let free = constraints.pitches & ~sounding
    guard free != 0 else { return }
    if level != nil {
      let above = last == .level ? .max : lastStart.map(Self.above) ?? .max
      choices.starts = free & above
    }
    guard last != .level else { return }
    for other in 0..<6 where other != level {
      if lastStart == nil || other > level ?? -1 { choices.levels |= 1 << UInt8(other) }
    }
  }

  /// Tokens, and the end, that may come next.
  public struct Choices: Hashable, Sendable {
    /// A bit for each pitch.
    var starts: UInt128 = 0
    var ends: UInt128 = 0
    /// Whether time may pass.
    var shifts = false
    /// A bit for each level.
    var levels: UInt8 = 0
    var end = false

    /// Whether a token may come next.
    public func contains(_ token: Token) -> Bool {
      let id = Int(token.rawValue)
      return switch id {
      case ..<128: starts & Grammar.bit(id) != 0
      case ..<256: ends & Grammar.bit(id - 128) != 0
      case ..<768: shifts
      default: levels >> UInt8(id - 768) & 1 == 1
      }
    }

    /// Makes everything else impossible.
    ///
    /// - Parameter logits: of the tokens and, last, of the end.
    public func mask(_ logits: UnsafeMutableBufferPointer<Float>) {
      precondition(logits.count == Configuration.Vocabulary.logitCount, "a logit for each token, and one for the end")
      for pitch in 0..<128 {
        if starts & Grammar.bit(pitch) == 0 { logits[pitch] = -.infinity }
        if ends & Grammar.bit(pitch) == 0 { logits[128 + pitch] = -.infinity }
      }
      if !shifts { for id in 256..<768 { logits[id] = -.infinity } }
      for level in 0..<6 where levels >> UInt8(level) & 1 == 0 { logits[768 + level] = -.infinity }
      if !end { logits[Configuration.Vocabulary.eosLogit] = -.infinity }
    }
  }
}
