public import MusicFeatures

/// An endless sequence of batches of training windows, epoch after epoch.
///
///     var batches = Batches(of: dataset, size: 16, length: 512, seed: 1)
///     let windows = batches.next()          // 16 windows of at most 512 tokens
///     let place = batches.position          // to store with a checkpoint
///     batches.position = place              // and to go on from there
///
/// With several processes each gets its share of the same batches: together they see what one process would.
public struct Batches: Sendable {
  /// A place in the sequence, for exact resumption.
  public struct Position: Codable, Hashable, Sendable {
    public var epoch = 0
    /// The next window of the epoch, counted over all processes.
    public var window = 0

    public init() {}
  }

  /// The windows of a batch, over all processes.
  public let size: Int
  public let rank: Int
  public let processCount: Int
  private let dataset: Dataset
  private let seed: UInt64
  private var windows: Windows

  /// Where the next batch begins. Positions mean windows of the `length` they were made with.
  public var position = Position() {
    didSet { if position.epoch != oldValue.epoch { update() } }
  }

  /// The tokens of a window at most. When it changes, a new epoch begins.
  public var length: Int {
    didSet {
      guard length != oldValue else { return }
      position.epoch += 1
      position.window = 0
    }
  }

  /// How the music is chosen and varied. When it changes, a new epoch begins.
  public var treatment: Windows.Treatment {
    didSet {
      guard treatment != oldValue else { return }
      checkMusic()
      position.epoch += 1
      position.window = 0
    }
  }

  /// - Parameters:
  ///   - size: the windows of a batch over all processes; a multiple of their number.
  ///   - rank: which of `processCount` processes this is, from 0.
  ///   - position: where to begin; with a `length` that it was made with.
  public init(
    of dataset: Dataset, size: Int, length: Int, seed: UInt64, treatment: Windows.Treatment = Windows.Treatment(),
    rank: Int = 0, processCount: Int = 1, position: Position = Position()
  ) {
    precondition(size > 0 && size % processCount == 0, "the batch is shared evenly")
    precondition((0..<processCount).contains(rank), "the rank is that of a process")
    self.size = size
    self.rank = rank
    self.processCount = processCount
    self.dataset = dataset
    self.seed = seed
    self.treatment = treatment
    self.length = length
    self.position = position
    windows = Windows.epoch(position.epoch, of: dataset, length: length, seed: seed, treatment)
    checkMusic()
  }

  private func checkMusic() {
    precondition(dataset.hasNotes(.train, treatment.weights), "the dataset has music to train on")
  }

  /// How many windows the current epoch has, over all processes.
  public var windowsInEpoch: Int { windows.count }

  /// The next batch: `size / processCount` windows. A batch goes over the end of an epoch into the next.
  public mutating func next() -> [TokenWindow] {
    let share = size / processCount
    var batch: [TokenWindow] = []
    for place in 0..<size {
      // By weights below 1 an epoch may come to have nothing.
      while position.window >= windows.count {
        position.epoch += 1
        position.window = 0
      }
      if place / share == rank { batch.append(windows[position.window]) }
      position.window += 1
    }
    return batch
  }

  private mutating func update() {
    windows = Windows.epoch(position.epoch, of: dataset, length: length, seed: seed, treatment)
  }
}
