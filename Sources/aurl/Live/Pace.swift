import Generation
import Improvisation
import Inference
import MusicCore

/// How many tokens a second a machine may be given to think of, so that it is done in time.
enum Pace {
  private static let trial = Duration.milliseconds(50)

  /// Half of what a short trial shows, by powers of two below what is given where the machine is fast enough: so that it is
  /// the same in most sessions of a machine.
  static func measure(_ model: Model) -> Double {
    var generator = SplitMix64(keys: 0, 0)
    var grammar = Grammar()
    grammar.mayBeginWithShift = true
    let stream = TokenStream(model, SamplingOptions(), grammar)
    // What is read for the first time is not counted.
    var (count, start) = (0.0, ContinuousClock.now)
    for index in 0... {
      guard (try? stream.next(using: &generator)) != nil else { break }
      if index == 0 { start = .now } else { count += 1 }
      if ContinuousClock.now - start >= trial { break }
    }
    let seconds = max(0.001, (ContinuousClock.now - start) / .seconds(1))
    var pace = DuetSettings.standardPace
    while pace > 50, pace > count / seconds / 2 { pace /= 2 }
    return pace
  }
}
