/// The windows of a split of a dataset: sequences of at most `length` tokens, in an order.
///
///     let epoch = Windows.epoch(0, of: dataset, length: 512, seed: 1)
///     let window = epoch[0]     // [UInt16], ids 0…773, and 775 at the end of a piece
///
/// Every note of the split starts in exactly one window (with augmentation almost: a window is filled up to its
/// length after it was changed). A window that reaches the end of its piece has `endOfPiece` as last token where
/// there is room. BOS and padding are left to who trains.
public struct Windows: Sendable {
  /// The token that ends a piece, EOS.
  public static let endOfPiece: UInt16 = 775

  /// The longest a window can be.
  public let length: Int
  private let dataset: Dataset
  private let augmentation: Augmentation
  /// Seed and number of the epoch; nil for held-out windows, which nothing changes.
  private let epoch: (seed: UInt64, number: Int)?
  private let cuts: [Cut]

  private struct Cut {
    var piece: Int32
    var start: WindowCutter.Start
    var limit: Int
  }

  /// The training windows of an epoch: each piece is cut from another phase, and all are shuffled.
  ///
  /// All randomness comes from `seed` and `number`, that of window i from these and i: an epoch continued at some
  /// window, or shared among processes, is the same epoch. O(tokens of the split).
  ///
  /// - Parameters:
  ///   - number: of the epoch, from 0 on.
  ///   - length: the tokens of a window at most; at least 2.
  public static func epoch(
    _ number: Int, of dataset: Dataset, length: Int, seed: UInt64, augmentation: Augmentation = Augmentation()
  ) -> Windows {
    Windows(.train, of: dataset, length: length, augmentation: augmentation, epoch: (seed, number))
  }

  /// The windows of the held-out pieces (or another split): consecutive, as they are, in the order of the index.
  public static func heldOut(of dataset: Dataset, length: Int, split: Split = .valid) -> Windows {
    Windows(split, of: dataset, length: length, augmentation: .none, epoch: nil)
  }

  private init(
    _ split: Split, of dataset: Dataset, length: Int, augmentation: Augmentation, epoch: (seed: UInt64, number: Int)?
  ) {
    precondition(length >= 2, "a window has room for a level and a note")
    self.length = length
    self.dataset = dataset
    self.augmentation = augmentation
    self.epoch = epoch
    var cuts: [Cut] = []
    for (number, piece) in dataset.pieces.enumerated() where piece.split == split {
      var phase = 0
      if let epoch {
        var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 1, UInt64(number))
        phase = generator.number(in: 0...length - 1)
      }
      cuts += Self.cuts(of: piece, number: number, in: dataset, length: length, phase: phase)
    }
    if let epoch {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 2)
      cuts.shuffle(with: &generator)
    }
    self.cuts = cuts
  }

  /// Cuts a piece into a window of `phase` tokens and then windows of `length`; those in which no note starts are
  /// left out.
  private static func cuts(
    of piece: Piece, number: Int, in dataset: Dataset, length: Int, phase: Int
  ) -> [Cut] {
    dataset.withTokens(of: piece) { tokens in
      var cuts: [Cut] = []
      var window: [UInt16] = []
      var cut = Cut(piece: Int32(number), start: .init(), limit: phase > 0 ? phase : length)
      while true {
        let extent = WindowCutter.cut(tokens, from: cut.start, limit: cut.limit, into: &window)
        if extent.notes > 0 { cuts.append(cut) }
        if extent.reachesEnd { return cuts }
        cut.start = extent.next
        cut.limit = length
      }
    }
  }
}

extension Windows: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { cuts.count }

  /// A window: 2…`length` ids. O(length).
  public subscript(position: Int) -> [UInt16] {
    let cut = cuts[position]
    // Faster music can take fewer tokens; the window is full all the same.
    let reserve = epoch == nil || augmentation == .none ? 0 : cut.limit / 8 + 8
    var window: [UInt16] = []
    window.reserveCapacity(cut.limit + reserve + 1)
    let extent = dataset.withTokens(of: dataset.pieces[Int(cut.piece)]) {
      WindowCutter.cut($0, from: cut.start, limit: cut.limit + reserve, into: &window)
    }
    if let epoch, augmentation != .none {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 3, UInt64(position))
      window = augmentation.change(of: window, with: &generator).applied(to: window)
    }
    let isWhole = window.count <= cut.limit
    if !isWhole { window.removeLast(window.count - cut.limit) }
    if extent.reachesEnd, isWhole, window.count < length { window.append(Self.endOfPiece) }
    return window
  }

  /// The piece that a window is cut out of.
  public func piece(at position: Int) -> Piece { dataset.pieces[Int(cuts[position].piece)] }
}
