internal import Glibc
package import MusicCore
package import MusicTokens

/// Finds the best end in a continuation of a take, and prolongs its last chord.
///
/// A good end is one that the model finds probable and whose last chord is the tonic. Of 36 held-out pieces, 86 % have
/// the tonic as the last bass note, and in 72 % the last chord has only notes of the tonic triad. For chords elsewhere
/// the assumed probabilities are 1/5 and 1/4 (13 % and 23 % at the places where 60 takes were cut off).
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
  private var sounding: PitchSet
  /// The pitches that sound after the last onset.
  private var chord = PitchSet()
  private var best: (count: Int, score: Float)?

  /// - Parameter sounding: the pitches that sound where the continuation begins.
  package init(sounding: PitchSet) { self.sounding = sounding }

  package mutating func append(_ token: Token) {
    tokens.append(token)
    switch token.meaning {
    case .noteOn(let pitch):
      sounding.insert(pitch)
      chord = sounding
    case .noteOff(let pitch): sounding.remove(pitch)
    case .timeShift, .velocityChange: break
    }
  }

  /// Scores an end after the last token.
  ///
  /// - Parameters:
  ///   - logProbability: the model's log probability that the piece ends here, in nats.
  ///   - keys: the probability of each key.
  package mutating func mayEnd(_ logProbability: Float, _ keys: InlineArray<24, Float>) {
    guard let bass = chord.lowest else { return }
    var (tonicBass, tonicTriad): (Float, Float) = (0, 0)
    for index in 0..<Key.count {
      let key = Key(index: index)
      if PitchClass(semitones: bass) == key.tonic { tonicBass += keys[index] }
      if isTriad(of: key) { tonicTriad += keys[index] }
    }
    func evidence(_ probability: Float, atEnds: Float, elsewhere: Float) -> Float {
      probability * logf(atEnds / elsewhere) + (1 - probability) * logf((1 - atEnds) / (1 - elsewhere))
    }
    let ofChord =
      evidence(tonicBass, atEnds: 0.86, elsewhere: 0.2) + evidence(tonicTriad, atEnds: 0.72, elsewhere: 0.25)
    let score = logProbability + ofChord
    if score > best?.score ?? -.infinity { best = (tokens.count, score) }
  }

  private func isTriad(of key: Key) -> Bool {
    let third = key.tonic.transposed(by: key.isMinor ? 3 : 4)
    let fifth = key.tonic.transposed(by: 7)
    var rest = chord
    while let pitch = rest.popFirst() {
      let pitchClass = PitchClass(semitones: pitch)
      guard [key.tonic, third, fifth].contains(pitchClass) else { return false }
    }
    return true
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
