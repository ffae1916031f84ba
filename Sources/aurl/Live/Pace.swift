import Generation
import Improvisation
import Inference
import MusicCore

/// The assumed generation speed of a machine in tokens per second, with a safety margin.
enum Pace {
  private static let trial = Duration.milliseconds(50)

  /// Half the speed measured in a short trial, limited to the standard pace and rounded to a power-of-two fraction of
  /// it, so that it is the same in most sessions of a machine.
  static func measure(_ model: Model) -> Double {
    var generator = SplitMix64(keys: 0, 0)
    var grammar = Grammar()
    grammar.mayBeginWithShift = true
    let stream = TokenStream(model, SamplingOptions(), grammar)
    // The first run, which loads the weights, is not timed.
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
