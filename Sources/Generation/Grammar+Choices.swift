internal import ModelFormat
internal import MusicCore
public import MusicTokens

extension Grammar {
  /// The tokens that are possible next.
  ///
  /// There is always one while time is left, unless all pitches that may start are held by another player. A time shift
  /// is possible everywhere except at the very start, where a level and a note can follow; after a level, which is
  /// possible only if a note can follow it and is never the last token of a prompt; and after a time shift, where a
  /// sounding note can end or, if none sounds, a note can start.
  public var choices: Choices {
    var choices = Choices()
    guard !isOver else { return choices }
    if time < earliest, last != .level {
      choices.shortestShift = mayPass ? shortestShift : nil
      return choices
    }
    if last != .level, lastStart == nil {
      let above = lastEnd.map(PitchSet.above) ?? .all
      choices.ends = own.intersection(above)
      if let first = overdue.intersection(above).lowest {
        // Overdue notes end from the lowest up, and lower notes may end before them: ends of one tick rise in pitch.
        choices.ends.subtract(.above(first))
        return choices
      }
    }
    addStarts(to: &choices)
    let isOnsetDue = latestOnset.map { $0 <= time } ?? false
    if mayPass, !isOnsetDue || choices.starts.isEmpty && choices.levels == 0 { choices.shortestShift = 1 }
    choices.end = mayEnd && isAtRest
    return choices
  }

  /// Whether a time shift is possible.
  private var mayPass: Bool {
    switch last {
    case .nothing: mayBeginWithShift
    case .level, .shift: false
    case .start, .end, .longestShift: true
    }
  }

  private func addStarts(to choices: inout Choices) {
    guard mayStart, own.count < constraints.maximumPolyphony else { return }
    let free = constraints.pitches.subtracting(sounding)
    guard !free.isEmpty else { return }
    if let level, constraints.levels >> UInt8(level) & 1 == 1 {
      let above: PitchSet = last == .level ? .all : lastStart.map(PitchSet.above) ?? .all
      choices.starts = free.intersection(above)
    }
    guard last != .level else { return }
    for other in 0..<6 where other != level && constraints.levels >> UInt8(other) & 1 == 1 {
      if lastStart == nil || other > level ?? -1 { choices.levels |= 1 << UInt8(other) }
    }
  }

  /// A set of tokens, and the end of the piece, that are possible next.
  public struct Choices: Hashable, Sendable {
    /// The pitches that may start.
    var starts = PitchSet()
    /// The pitches that may end.
    var ends = PitchSet()
    /// The shortest time shift that is possible, in ticks; nil if none is.
    var shortestShift: Int?
    /// The levels that may be set, one bit each.
    var levels: UInt8 = 0
    var end = false

    /// Whether no token is possible.
    public var isEmpty: Bool { self == Choices() }

    /// Whether a token is possible next.
    public func contains(_ token: Token) -> Bool {
      switch token.meaning {
      case .noteOn(let pitch): starts.contains(pitch)
      case .noteOff(let pitch): ends.contains(pitch)
      case .timeShift(let ticks): shortestShift.map { ticks >= $0 } ?? false
      case .velocityChange(let level): levels >> level.rawValue & 1 == 1
      }
    }

    /// Sets the logits of all impossible tokens to −∞.
    ///
    /// - Parameter logits: the logits of all tokens and, last, of the end of the piece.
    public func mask(_ logits: UnsafeMutableBufferPointer<Float>) {
      precondition(logits.count == Configuration.Vocabulary.logitCount, "a logit for each token, and one for the end")
      for pitch in 0..<128 {
        if !starts.contains(pitch) { logits[Int(Token.noteOns.lowerBound) + pitch] = -.infinity }
        if !ends.contains(pitch) { logits[Int(Token.noteOffs.lowerBound) + pitch] = -.infinity }
      }
      let shift = Int(Token.timeShifts.lowerBound)
      for id in shift..<shift + (shortestShift ?? Token.longestShift + 1) - 1 { logits[id] = -.infinity }
      for level in 0..<6 where levels >> UInt8(level) & 1 == 0 {
        logits[Int(Token.velocityChanges.lowerBound) + level] = -.infinity
      }
      if !end { logits[Configuration.Vocabulary.eosLogit] = -.infinity }
    }
  }
}
