public import MusicTokens

/// A passage and its reconstruction by a model from its latents.
public struct Reconstruction: Hashable, Sendable {
  /// The tokens that were encoded.
  public let original: [Token]
  /// The reconstruction, no longer than the original.
  public let copy: [Token]

  /// - Parameter copy: the reconstruction; tokens beyond the length of the original are dropped.
  public init(original: [Token], copy: [Token]) {
    self.original = original
    self.copy = Array(copy.prefix(original.count))
  }

  /// The number of positions at which the copy has the same token as the original.
  public var equalTokens: Int { zip(original, copy).count { $0 == $1 } }

  /// The agreement of the copy's notes with those of the original, within 50 ms.
  public var onsets: OnsetAgreement { OnsetAgreement(Take(copy).notes, with: Take(original).notes) }
}

/// The accuracy of reconstructions.
public struct ReconstructionReport: Hashable, Sendable, Codable {
  /// The share of positions with the same token as the original.
  public var tokenAccuracy: Estimate?
  /// The F1 of onsets within 50 ms with exact pitch, over all notes.
  public var onsetF1: Estimate?
  /// How well the onsets agree.
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
