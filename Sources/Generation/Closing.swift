package import MusicCore
package import MusicTokens

/// Finds the best end in a continuation of a take, and prolongs its last chord.
///
/// A good end is one that the model finds probable and whose last chord is the tonic; see `FinalChord`.
package struct Closing {
  /// The last part of the length, in which a take may end: a fifth of it, but at most 12 s and at most the new music in
  /// the last section of a form.
  static func time(ofLength length: Int, _ form: Form?) -> Int {
    let new = form.map { Int(Double(length / $0.letters.count) * (1 - Sections.restatedShare)) } ?? length
    return min(length / 5, 12 * TokenTime.ticksPerSecond, new)
  }
  /// The number of continuations that are sampled.
  static let continuations = 8
  /// The maximum number of tokens of one.
  static let tokens = 512
  /// The time that the last chord lasts at least, as in half of all pieces: 1.25 s.
  private static let lastChord = 5 * TokenTime.ticksPerSecond / 4

  /// The tokens of the continuation so far.
  package private(set) var tokens: [Token] = []
  private var chord: FinalChord
  private var best: (count: Int, score: Float)?

  /// - Parameter sounding: the pitches that sound where the continuation begins.
  package init(sounding: PitchSet) { chord = FinalChord(sounding: sounding) }

  package mutating func append(_ token: Token) {
    tokens.append(token)
    switch token.meaning {
    case .noteOn(let pitch): chord.start(pitch)
    case .noteOff(let pitch): chord.end(pitch)
    case .timeShift, .velocityChange: break
    }
  }

  /// Scores an end after the last token.
  ///
  /// - Parameters:
  ///   - logProbability: the model's log probability that the piece ends here, in nats.
  ///   - keys: the probability of each key.
  package mutating func mayEnd(_ logProbability: Float, _ keys: InlineArray<24, Float>) {
    guard let ofChord = chord.evidence(in: keys) else { return }
    let score = logProbability + ofChord
    if score > best?.score ?? -.infinity { best = (tokens.count, score) }
  }

  /// The best end, with its last chord held for some time; nil if notes sounded throughout.
  ///
  /// - Parameter latest: the duration of the continuation at most, in ticks.
  package func end(within latest: Int) -> (tokens: [Token], score: Float)? {
    guard let best else { return nil }
    let tokens = tokens.prefix(best.count)
    let start = (tokens.lastIndex(where: \.isNoteOn) ?? 0) + 1
    let missing = min(Self.lastChord - tokens[start...].ticks, latest - tokens.ticks)
    guard missing > 0 else { return (Array(tokens), best.score) }
    let first = tokens[start...].firstIndex { !$0.isTimeShift } ?? tokens.endIndex
    let shifts = Token.shifts(passing: tokens[start..<first].ticks + missing)
    return (tokens[..<start] + shifts + tokens[first...], best.score)
  }
}
