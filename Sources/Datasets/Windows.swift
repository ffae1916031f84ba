internal import MusicCore
public import MusicFeatures
internal import MusicTokens

/// The windows of a split of a dataset: sequences of at most `length` consecutive tokens, in a fixed order.
///
///     let epoch = Windows.epoch(0, of: dataset, length: 512, seed: 1)
///     let window = epoch[0]     // its tokens (ids 0…773, and 775 at the end of a piece) and the keyboard state before them
///
/// Every token of the split is in exactly one window, except for windows in which no note starts, which are left out.
/// (With augmentation this holds only approximately, since a window is filled up after it was changed.) A window that
/// reaches the end of its piece has `Token.endOfPiece` as its last token if there is room. The trainer adds BOS and
/// padding.
public struct Windows: Sendable {
  /// How the pieces of an epoch are weighted and augmented.
  public struct Treatment: Hashable, Sendable {
    /// The random changes of each window.
    public var augmentation: Augmentation
    /// How often the pieces of each source occur.
    public var weights: SourceWeights
    /// The share of windows that come with their chord chart, where it is known, 0…1.
    public var chartShare: Double

    /// Creates a treatment.
    public init(augmentation: Augmentation = Augmentation(), weights: SourceWeights = .equal, chartShare: Double = 1) {
      self.augmentation = augmentation
      self.weights = weights
      self.chartShare = chartShare
    }
  }

  /// The maximum number of tokens in a window.
  public let length: Int
  private let dataset: Dataset
  private let treatment: Treatment
  /// Seed and number of the epoch; nil for held-out windows, which are not augmented.
  private let epoch: (seed: UInt64, number: Int)?
  private let cuts: [Cut]

  private struct Cut {
    var piece: Int32
    var start: Int
    var count: Int
  }

  /// The training windows of an epoch: each piece is cut at random places, and the windows are shuffled.
  ///
  /// All randomness depends on `seed` and `number` alone, and for window i on i: an epoch continued at some
  /// window, or shared among processes, is the same epoch. O(tokens of the split).
  ///
  /// - Parameters:
  ///   - number: the number of the epoch, from 0.
  ///   - length: the maximum number of tokens in a window; at least 2.
  public static func epoch(
    _ number: Int, of dataset: Dataset, length: Int, seed: UInt64, _ treatment: Treatment = Treatment()
  ) -> Windows {
    Windows(.train, of: dataset, length: length, treatment, epoch: (seed, number))
  }

  /// The windows of the held-out pieces (or another split): consecutive, without augmentation, in the order of the index.
  public static func heldOut(of dataset: Dataset, length: Int, split: Split = .valid) -> Windows {
    Windows(split, of: dataset, length: length, Treatment(augmentation: .none), epoch: nil)
  }

  /// The windows of any piece, the same as `heldOut` has of a dataset that contains it, without charts. O(tokens).
  ///
  /// - Parameter tokens: canonical, ids below 774.
  public static func consecutive(of tokens: [UInt16], length: Int) -> [TokenWindow] {
    precondition(length >= 2, "a window has room for a level and a note")
    var windows: [TokenWindow] = []
    var state = KeyboardState()
    for start in stride(from: 0, to: tokens.count, by: length) {
      let slice = tokens[start..<Swift.min(tokens.count, start + length)]
      if slice.contains(where: isOnset) {
        let isLast = slice.endIndex == tokens.count
        windows.append(
          TokenWindow(tokens: Array(slice) + (isLast && slice.count < length ? [Token.endOfPiece] : []), start: state))
      }
      for token in slice { state.apply(token) }
    }
    return windows
  }

  private init(
    _ split: Split, of dataset: Dataset, length: Int, _ treatment: Treatment, epoch: (seed: UInt64, number: Int)?
  ) {
    precondition(length >= 2, "a window has room for a level and a note")
    self.length = length
    self.dataset = dataset
    self.treatment = treatment
    self.epoch = epoch
    var cuts: [Cut] = []
    for (number, piece) in dataset.pieces.enumerated() where piece.split == split {
      var generator = epoch.map { SplitMix64(keys: $0.seed, UInt64($0.number), 1, UInt64(number)) }
      let weight = epoch == nil ? 1 : treatment.weights.weight(ofPath: piece.path)
      for _ in 0..<Self.copies(weight, &generator) {
        cuts += Self.cuts(of: piece, number: number, in: dataset, length: length, generator: &generator)
      }
    }
    if let epoch {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 2)
      cuts.shuffle(with: &generator)
    }
    self.cuts = cuts
  }

  /// A random whole number whose expected value is `weight`.
  private static func copies(_ weight: Double, _ generator: inout SplitMix64?) -> Int {
    let whole = weight.rounded(.down)
    guard weight > whole, let place = generator?.number(in: 0...999_999) else { return Int(whole) }
    return Int(whole) + (Double(place) < (weight - whole) * 1e6 ? 1 : 0)
  }

  /// Cuts a piece into windows of `length`; those in which no note starts are left out. With a generator the first
  /// window is shorter by chance, so that each epoch cuts elsewhere.
  private static func cuts(
    of piece: Piece, number: Int, in dataset: Dataset, length: Int, generator: inout SplitMix64?
  ) -> [Cut] {
    dataset.withTokens(of: piece) { tokens in
      var cuts: [Cut] = []
      var (start, end) = (0, generator?.number(in: 1...length) ?? length)
      while start < tokens.count {
        end = Swift.min(end, tokens.count)
        if tokens[start..<end].contains(where: isOnset) {
          cuts.append(Cut(piece: Int32(number), start: start, count: end - start))
        }
        (start, end) = (end, end + length)
      }
      return cuts
    }
  }

  private static func isOnset(_ token: UInt16) -> Bool { Token.noteOns.contains(token) }
}

extension Windows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { cuts.count }

  /// A window of 1…`length` tokens. O(tokens of its piece before its end).
  public subscript(position: Int) -> TokenWindow {
    let cut = cuts[position]
    let isChanged = epoch != nil && treatment.augmentation != .none
    // Faster music can take fewer tokens; the window is filled up.
    let reserve = isChanged ? cut.count / 8 + 8 : 0
    var (window, isAtEnd) = dataset.withTokens(of: dataset.pieces[Int(cut.piece)]) { tokens in
      var state = KeyboardState()
      for token in tokens[..<cut.start] { state.apply(token) }
      let end = Swift.min(tokens.count, cut.start + cut.count + reserve)
      return (TokenWindow(tokens: Array(tokens[cut.start..<end]), start: state), end == tokens.count)
    }
    window.chart = chart(of: window, at: position)
    if isChanged, let epoch {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 3, UInt64(position))
      let change = treatment.augmentation.change(of: window, length: cut.count, with: &generator)
      window = change.applied(to: window)
    }
    let isWhole = window.tokens.count <= cut.count
    if !isWhole { window.tokens.removeLast(window.tokens.count - cut.count) }
    if isAtEnd, isWhole, window.tokens.count < length { window.tokens.append(Token.endOfPiece) }
    return window
  }

  /// The chart of a window, with the chords before and after it that a model can make use of.
  private func chart(of window: TokenWindow, at position: Int) -> ChordChart? {
    if let epoch {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 4, UInt64(position))
      guard Double(generator.number(in: 0...999_999)) < treatment.chartShare * 1e6 else { return nil }
    }
    let ticks = window.tokens.reduce(0) { $0 + (Token.timeShifts.contains($1) ? Token.ticks(ofShift: $1) : 0) }
    let start = window.start.time
    return piece(at: position).chart?.around(
      start..<start + TokenTime(rawValue: ticks + 1), before: Self.chordsBefore, after: Self.chordsAfter)
  }

  /// The number of chords before and after a window that its chart has.
  private static let (chordsBefore, chordsAfter) = (64, 2)

  /// The piece that a window is cut from.
  public func piece(at position: Int) -> Piece { dataset.pieces[Int(cuts[position].piece)] }

  /// Where in its piece a window begins, in tokens.
  public func offset(at position: Int) -> Int { cuts[position].start }
}
