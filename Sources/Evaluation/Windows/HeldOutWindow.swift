internal import MusicCore
public import MusicFeatures
internal import MusicTokens

/// A window of held-out music, as a model is given it.
public struct HeldOutWindow: Hashable, Sendable {
  /// The index of the piece that it is cut out of.
  public let piece: Int
  /// What the model predicts: ids 0…773, and EOS, 775, where the piece ends; and the keyboard before them.
  public let window: TokenWindow
  /// The same music, as models of sequences are given it.
  public let passage: Passage

  /// - Parameter window: as a dataset cuts it.
  public init(_ window: TokenWindow, piece: Int) {
    self.piece = piece
    self.window = window
    let tokens = window.tokens.compactMap(Token.init(rawValue:))
    passage = Passage(tokens, endsPiece: tokens.count < window.tokens.count)
  }
}

extension [HeldOutWindow] {
  /// For each window the index of another one, drawn at random: of another piece, and not shorter, where there is one.
  /// Nil where there is no other window at all. O(n²).
  public func partners(seed: UInt64) -> [Int?] {
    var generator = SplitMix64(seed: seed)
    return indices.map { index in
      let others = indices.filter { self[$0].piece != self[index].piece }
      let whole = others.filter { self[$0].window.tokens.count >= self[index].window.tokens.count }
      let candidates = whole.isEmpty ? (others.isEmpty ? indices.filter { $0 != index } : others) : whole
      return candidates.randomElement(using: &generator)
    }
  }

  /// So many windows, taken evenly; all where there are no more.
  public func evenly(_ count: Int) -> [HeldOutWindow] {
    let taken = Swift.min(count, self.count)
    return (0..<taken).map { self[$0 * self.count / taken] }
  }

  /// What is said of each window, by piece; pieces without windows are left out.
  ///
  /// - Precondition: The windows of a piece follow each other.
  public func byPiece<Figure>(_ figures: [Figure]) -> [[Figure]] {
    precondition(figures.count == count, "there is a figure for each window")
    var pieces: [[Figure]] = []
    for (index, figure) in figures.enumerated() {
      if index == 0 || self[index].piece != self[index - 1].piece { pieces.append([]) }
      pieces[pieces.count - 1].append(figure)
    }
    return pieces
  }

  /// Likelihoods by piece, of the nats that each window costs.
  public func likelihoods(_ nats: [Double]) -> [Likelihood] {
    byPiece(zip(self, nats).map { Likelihood(nats: $1, of: $0.passage) }).map(\.sum)
  }
}
