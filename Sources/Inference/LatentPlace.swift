internal import ModelFormat

/// The position of a latent in its window.
enum LatentPlace: Hashable {
  case global
  /// The index of the phrase.
  case phrase(Int)
  /// The index of the local segment, over all phrases.
  case local(Int)

  var level: Configuration.Level {
    switch self {
    case .global: .global
    case .phrase: .phrase
    case .local: .local
    }
  }

  /// All positions of a window in the order of the plan.
  static func all(_ shape: Configuration.Latents) -> [LatentPlace] {
    [.global]
      + (0..<shape.phrasesPerWindow).flatMap { phrase in
        [.phrase(phrase)] + (0..<shape.localsPerPhrase).map { .local(phrase * shape.localsPerPhrase + $0) }
      }
  }
}

extension Latents {
  /// The latent at a position; nil if it is missing.
  subscript(place: LatentPlace) -> [Float]? {
    switch place {
    case .global: global.isEmpty ? nil : global
    case .phrase(let index): index < phrases.count ? phrases[index] : nil
    case .local(let index): index < locals.count ? locals[index] : nil
    }
  }

  mutating func append(_ z: [Float], at level: Configuration.Level) {
    switch level {
    case .global: global = z
    case .phrase: phrases.append(z)
    case .local: locals.append(z)
    }
  }
}
