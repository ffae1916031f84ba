internal import MusicCore
public import MusicFeatures
internal import MusicTokens

/// A window of held-out music.
public struct HeldOutWindow: Hashable, Sendable {
  /// The index of the piece that it comes from.
  public let piece: Int
  /// The tokens to predict (ids 0…773, and EOS, 775, if the piece ends) and the keyboard state before them.
  public let window: TokenWindow
  /// The same music in the form used by sequence models.
  public let passage: Passage

  /// - Parameter window: a window of a dataset.
  public init(_ window: TokenWindow, piece: Int) {
    self.piece = piece
    self.window = window
    let tokens = window.tokens.compactMap(Token.init(rawValue:))
    passage = Passage(tokens, endsPiece: tokens.count < window.tokens.count)
  }
}

extension [HeldOutWindow] {
  /// For each window, the index of a random other one, preferably of another piece and not shorter. Nil if there is no
  /// other window. O(n²).
  public func partners(seed: UInt64) -> [Int?] {
    var generator = SplitMix64(seed: seed)
    return indices.map { index in
      let others = indices.filter { self[$0].piece != self[index].piece }
      let whole = others.filter { self[$0].window.tokens.count >= self[index].window.tokens.count }
      let candidates = whole.isEmpty ? (others.isEmpty ? indices.filter { $0 != index } : others) : whole
      return candidates.randomElement(using: &generator)
    }
  }

  /// At most `count` windows, evenly spaced.
  public func evenly(_ count: Int) -> [HeldOutWindow] { evenlySpaced(count) }

  /// Groups one value per window by piece; pieces without windows are left out.
  ///
  /// - Precondition: The windows of a piece are adjacent.
  public func byPiece<Figure>(_ figures: [Figure]) -> [[Figure]] {
    precondition(figures.count == count, "there is a figure for each window")
    var pieces: [[Figure]] = []
    for (index, figure) in figures.enumerated() {
      if index == 0 || self[index].piece != self[index - 1].piece { pieces.append([]) }
      pieces[pieces.count - 1].append(figure)
    }
    return pieces
  }

  /// The likelihoods of the pieces, from the nats of each window.
  public func likelihoods(_ nats: [Double]) -> [Likelihood] {
    byPiece(zip(self, nats).map { Likelihood(nats: $1, of: $0.passage) }).map(\.sum)
  }
}
