internal import MusicCore
internal import MusicTokens

extension GenerationSession {
  /// Whether the time has come to look for an end.
  var isClosingDue: Bool { progress.closing.map { stream.grammar.time >= $0 } ?? false }

  /// Samples continuations until the length is reached, and ends the take at the best end of any of them (see `Closing`). If
  /// notes sound throughout in all of them, the take goes on until its length is reached.
  func close() throws(GenerationError) {
    progress.closing = nil
    let mark = stream.mark(using: &progress.generator)
    let start = progress
    let latest = stream.grammar.ticksLeft
    var best: (tokens: [Token], score: Float)?
    stream.isWatchingForEnd = true
    defer { stream.isWatchingForEnd = false }
    for number in 0..<Closing.continuations {
      progress = start
      progress.generator = SplitMix64(keys: settings.seed, planned.index, UInt64(number), 3)
      var closing = Closing(sounding: stream.grammar.own)
      while closing.tokens.count < Closing.tokens, !progress.isOver {
        let before = stream.grammar.recent
        let token = try draw()
        if let probability = stream.lastEndLogProbability { closing.mayEnd(probability, before.keys) }
        if let token { closing.append(token) }
      }
      if let end = closing.end(within: latest), end.score > best?.score ?? -.infinity { best = end }
      stream.rewind(to: mark)
    }
    progress = start
    guard let best else { return }
    for token in best.tokens { stream.hear(token) }
    planned.add(best.tokens)
    (progress.isOver, progress.isEndedByModel) = (true, true)
  }
}
