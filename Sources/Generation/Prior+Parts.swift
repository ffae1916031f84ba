package import Inference
internal import ModelFormat

extension Prior {
  /// Latents of a whole window of which some are known: those that are missing are drawn.
  package func complete(_ latents: Latents, using generator: inout some RandomNumberGenerator) -> Latents {
    // Drawn whole, so that how much the generator gives does not depend on how much is known.
    let drawn = resample(latents, from: .phrase, using: &generator)
    var result = latents
    result.phrases += drawn.phrases.dropFirst(latents.phrases.count)
    for index in latents.locals.count..<drawn.locals.count {
      let parent = result.phrases[index * drawn.phrases.count / drawn.locals.count]
      result.locals.append(local(at: index, given: parent).sample(using: &generator))
    }
    return result
  }

  /// The same latents but for one level.
  func vary(
    _ latents: Latents, _ level: Configuration.Level, using generator: inout some RandomNumberGenerator
  ) -> Latents {
    let drawn = resample(latents, from: level, using: &generator)
    var result = latents
    switch level {
    case .global: result.global = drawn.global
    case .phrase: result.phrases = Array(drawn.phrases.prefix(latents.phrases.count))
    case .local: result.locals = Array(drawn.locals.prefix(latents.locals.count))
    }
    return result
  }
}
