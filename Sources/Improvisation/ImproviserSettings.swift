package import Generation
package import MusicCore

/// The settings of how the machine plays.
package struct ImproviserSettings: Sendable {
  /// How the dynamic levels of an answer are chosen.
  package enum Dynamics: Hashable, Sendable {
    /// Within one level of the call's median, and not above it while the human plays.
    case follow
    case free
    case level(DynamicLevel)
  }

  /// The pitch range of an answer.
  package enum Register: Hashable, Sendable {
    /// The range of the call, extended by a fifth on either side.
    case follow
    /// Above or below most of the call.
    case above, below
    case free
    case range(ClosedRange<Pitch>)
  }

  package var sampling = SamplingOptions(topP: 0.96)
  package var dynamics = Dynamics.follow
  package var register = Register.follow
  package var key = KeyFollower.Mode.auto
  /// How much of the call's figures an answer uses, 0…1.
  package var develop = 0.3
  package var maximumPolyphony: Int?
  /// The longest note in seconds.
  package var longestNote = 8.0
  package var seed: UInt64

  package init(seed: UInt64) { self.seed = seed }
}

extension ImproviserSettings {
  /// The sampling options, with the recurrence of figures lowered if an answer is to use few of the call's figures: at
  /// full recurrence an answer would repeat the call rather than develop it.
  package var effectiveSampling: SamplingOptions {
    var sampling = sampling
    sampling.recurrence *= Float(min(1, 2 * develop))
    return sampling
  }

  /// The dynamic levels that an answer may use.
  ///
  /// - Parameter isBeside: whether both play at once.
  package func levels(answering call: Call, isBeside: Bool = false) -> ClosedRange<DynamicLevel> {
    switch dynamics {
    case .free: return .pp ... .ff
    case .level(let level): return level...level
    case .follow:
      guard let median = call.level else { return .pp ... .ff }
      let highest = isBeside ? Int(median.rounded(.down)) : Int(median.rounded(.up)) + 1
      let low = DynamicLevel(rawValue: UInt8(max(0, Int(median.rounded(.down)) - 1))) ?? .pp
      let high = DynamicLevel(rawValue: UInt8(min(5, highest))) ?? .ff
      return low...high
    }
  }

  /// The range of pitches that an answer may use.
  ///
  /// - Parameter side: the side that `follow` takes while both play at once; nil if they do not.
  func range(answering call: Call, beside side: Side? = nil) -> ClosedRange<Int> {
    let all = 0...127
    if case .range(let range) = register { return Int(range.lowerBound.rawValue)...Int(range.upperBound.rawValue) }
    guard let heard = call.range, let middle = call.register.map({ Int($0.rounded()) }) else { return all }
    let (lowest, highest) = (Side.lowest, Side.highest)
    let wanted =
      switch register {
      case .follow where side == .below:
        max(lowest, heard.lowerBound - 24)...max(lowest, heard.lowerBound - 1)
      case .follow where side == .above:
        min(highest, heard.upperBound + 1)...min(highest, heard.upperBound + 24)
      case .follow: heard.lowerBound - 7...heard.upperBound + 7
      case .above: middle...max(heard.upperBound, middle) + 24
      case .below: min(heard.lowerBound, middle) - 24...middle
      case .free, .range: all
      }
    return wanted.clamped(to: all)
  }

  func constraints(answering call: Call, pitchClasses: PitchClassSet?, beside side: Side? = nil) -> Constraints {
    let range = range(answering: call, beside: side)
    let pitches = Pitch(masking: UInt8(range.lowerBound))...Pitch(masking: UInt8(range.upperBound))
    let longest = max(1, TokenTime(Seconds(longestNote)))
    func constraints(_ pitches: ClosedRange<Pitch>?) -> Constraints? {
      Constraints(
        scale: pitchClasses.map(Scale.init(pitchClasses:)), range: pitches, maximumPolyphony: maximumPolyphony,
        longestNote: longest, levels: levels(answering: call, isBeside: side != nil))
    }
    return constraints(pitches) ?? constraints(nil) ?? .none
  }
}
