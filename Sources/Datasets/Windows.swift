internal import MusicCore

/// The windows of a split of a dataset: sequences of at most `length` tokens, in an order.
///
///     let epoch = Windows.epoch(0, of: dataset, length: 512, seed: 1)
///     let window = epoch[0]     // [UInt16], ids 0…773, and 775 at the end of a piece
///
/// Every note of the split starts in exactly one window (with augmentation almost: a window is filled up after it
/// was changed). A window that reaches the end of its piece has `endOfPiece` as last token where
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

  /// The training windows of an epoch: each piece is cut at other places, and all are shuffled.
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

  /// The windows of a piece, wherever it comes from: those of `heldOut` of a dataset with it. O(tokens).
  ///
  /// - Parameter tokens: canonical, ids below 774.
  public static func consecutive(of tokens: [UInt16], length: Int) -> [[UInt16]] {
    precondition(length >= 2, "a window has room for a level and a note")
    return tokens.withUnsafeBufferPointer { tokens in
      var windows: [[UInt16]] = []
      var window: [UInt16] = []
      var start = WindowCutter.Start()
      while true {
        let extent = WindowCutter.cut(tokens, from: start, limit: length, into: &window)
        if extent.reachesEnd, window.count < length { window.append(endOfPiece) }
        if extent.notes > 0 { windows.append(window) }
        if extent.reachesEnd { return windows }
        start = extent.next
      }
    }
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
      var generator = epoch.map { SplitMix64(keys: $0.seed, UInt64($0.number), 1, UInt64(number)) }
      cuts += Self.cuts(of: piece, number: number, in: dataset, length: length, generator: &generator)
    }
    if let epoch {
      var generator = SplitMix64(keys: epoch.seed, UInt64(epoch.number), 2)
      cuts.shuffle(with: &generator)
    }
    self.cuts = cuts
  }

  /// Cuts a piece into windows of `length`; those in which no note starts are left out.
  ///
  /// With a generator the first window is shorter by chance, so that each epoch cuts elsewhere, and the others by up
  /// to a 64th: without that, windows that begin at different places would soon come to begin at the same ones,
  /// because how much of a piece fills a window depends on what is repaired in it.
  private static func cuts(
    of piece: Piece, number: Int, in dataset: Dataset, length: Int, generator: inout SplitMix64?
  ) -> [Cut] {
    dataset.withTokens(of: piece) { tokens in
      var cuts: [Cut] = []
      var window: [UInt16] = []
      let first = generator?.number(in: 1...length) ?? length
      var cut = Cut(piece: Int32(number), start: .init(), limit: first)
      while true {
        let extent = WindowCutter.cut(tokens, from: cut.start, limit: cut.limit, into: &window)
        if extent.notes > 0 { cuts.append(cut) }
        if extent.reachesEnd { return cuts }
        cut.start = extent.next
        cut.limit = length - (generator?.number(in: 0...length / 64) ?? 0)
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
      let change = augmentation.change(of: window, length: cut.limit, with: &generator)
      window = change.applied(to: window)
    }
    let isWhole = window.count <= cut.limit
    if !isWhole { window.removeLast(window.count - cut.limit) }
    if extent.reachesEnd, isWhole, window.count < length { window.append(Self.endOfPiece) }
    return window
  }

  /// The piece that a window is cut out of.
  public func piece(at position: Int) -> Piece { dataset.pieces[Int(cuts[position].piece)] }

  /// Where in its piece a window is cut, in tokens: everything in the window comes from there on.
  public func offset(at position: Int) -> Int { cuts[position].start.index }
}
