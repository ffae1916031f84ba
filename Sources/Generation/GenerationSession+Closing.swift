internal import MusicCore
internal import MusicTokens
internal import Parallelism

extension GenerationSession {
  /// Samples continuations until the length is reached, and ends the take at the best end in any of them (see
  /// `Closing`). If all of them have sounding notes throughout, the take continues until its length is reached.
  func close() throws(GenerationError) {
    take.progress.closing = nil
    let mark = take.stream.mark(using: &take.progress.generator)
    let (seed, phrase, latest) = (settings.seed, planned.index, take.stream.grammar.ticksLeft)
    let states = fork(into: min(settings.threads, Closing.continuations))
    let ends = try Parallel.map(states, threads: settings.threads) { (first, take) throws(GenerationError) -> [End] in
      let start = take.progress
      var ends: [End] = []
      for number in stride(from: first, to: Closing.continuations, by: states.count) {
        take.progress = start
        take.progress.generator = SplitMix64(keys: seed, phrase, UInt64(number), 3)
        if let end = try Self.continuation(of: take).end(within: latest) {
          ends.append(End(number: number, tokens: end.tokens, score: end.score))
        }
        take.stream.rewind(to: mark)
      }
      take.progress = start
      return ends
    }
    let best = ends.joined().max { ($0.score, $1.number) < ($1.score, $0.number) }
    guard let best else { return }
    for token in best.tokens { take.stream.hear(token) }
    planned.add(best.tokens)
    (take.progress.isOver, take.progress.isEndedByModel) = (true, true)
  }

  /// The best end of a continuation.
  private struct End {
    var number: Int
    var tokens: [Token]
    var score: Float
  }

  /// Samples one continuation, with a score of each place where it may end.
  private static func continuation(of take: TakeState) throws(GenerationError) -> Closing {
    take.stream.isWatchingForEnd = true
    defer { take.stream.isWatchingForEnd = false }
    var closing = Closing(sounding: take.stream.grammar.own)
    while closing.tokens.count < Closing.tokens, !take.progress.isOver {
      let before = take.stream.grammar.recent
      let token = try take.draw()
      if let probability = take.stream.lastEndLogProbability { closing.mayEnd(probability, before.keys) }
      if let token { closing.append(token) }
    }
    return closing
  }
}
