public import MusicTokens

/// A passage, and what a model made of it from its latents.
public struct Reconstruction: Hashable, Sendable {
  public let original: [Token]
  /// No longer than the original.
  public let copy: [Token]

  /// - Parameter copy: what goes beyond the length of the original does not count.
  public init(original: [Token], copy: [Token]) {
    self.original = original
    self.copy = Array(copy.prefix(original.count))
  }

  /// At how many positions of the original the copy has the same token.
  public var equalTokens: Int { zip(original, copy).count { $0 == $1 } }

  /// Which notes the copy has kept, within 50 ms.
  public var onsets: OnsetAgreement { OnsetAgreement(Take(copy).notes, with: Take(original).notes) }
}

/// How true reconstructions are.
public struct ReconstructionReport: Hashable, Sendable, Codable {
  /// The share of positions with the token of the original.
  public var tokenAccuracy: Estimate?
  /// Of onsets within 50 ms with exact pitch, over all notes.
  public var onsetF1: Estimate?
  public var onsets: OnsetAgreement

  /// - Parameter pieces: the reconstructed passages of each piece.
  public init(_ pieces: [[Reconstruction]], bootstrap: Bootstrap = Bootstrap()) {
    let tokens = pieces.map { passages in
      (equal: passages.reduce(0) { $0 + $1.equalTokens }, all: passages.reduce(0) { $0 + $1.original.count })
    }
    let onsets = pieces.map { $0.lazy.map(\.onsets).reduce(.zero, +) }
    tokenAccuracy = bootstrap.estimate(tokens) { pieces in
      let all = pieces.reduce(0) { $0 + $1.all }
      return all > 0 ? Double(pieces.reduce(0) { $0 + $1.equal }) / Double(all) : nil
    }
    onsetF1 = bootstrap.estimate(onsets) { pieces in
      let sum = pieces.reduce(.zero, +)
      return sum.reference + sum.estimated > 0 ? sum.f1 : nil
    }
    self.onsets = onsets.reduce(.zero, +)
  }
}
