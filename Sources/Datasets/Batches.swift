public import MusicFeatures

/// An endless sequence of batches of training windows, epoch after epoch.
///
///     var batches = Batches(of: dataset, size: 16, length: 512, seed: 1)
///     let windows = batches.next()          // 16 windows of at most 512 tokens
///     let place = batches.position          // store it with a checkpoint
///     batches.position = place              // and resume from there
///
/// With several processes each gets its share of the same batches: together they see the batches of a single process.
public struct Batches: Sendable {
  /// A position in the sequence, for exact resumption.
  public struct Position: Codable, Hashable, Sendable {
    /// The number of the epoch, from 0.
    public var epoch = 0
    /// The next window of the epoch, counted over all processes.
    public var window = 0

    /// The start of the first epoch.
    public init() {}
  }

  /// The number of windows in a batch, over all processes.
  public let size: Int
  /// The number of this process, from 0.
  public let rank: Int
  /// The number of processes that share the batches.
  public let processCount: Int
  private let dataset: Dataset
  private let seed: UInt64
  private var windows: Windows

  /// Where the next batch begins. A position is only valid with the `length` it was made with.
  public var position = Position() {
    didSet { if position.epoch != oldValue.epoch { update() } }
  }

  /// The maximum number of tokens in a window. Changing it begins a new epoch.
  public var length: Int {
    didSet {
      guard length != oldValue else { return }
      position.epoch += 1
      position.window = 0
    }
  }

  /// How pieces are weighted and augmented. Changing it begins a new epoch.
  public var treatment: Windows.Treatment {
    didSet {
      guard treatment != oldValue else { return }
      checkMusic()
      position.epoch += 1
      position.window = 0
    }
  }

  /// - Parameters:
  ///   - size: the number of windows in a batch over all processes; a multiple of the number of processes.
  ///   - rank: the index of this process among `processCount`, from 0.
  ///   - position: where to begin; must have been made with the same `length`.
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

  /// The number of windows in the current epoch, over all processes.
  public var windowsInEpoch: Int { windows.count }

  /// The next batch: `size / processCount` windows. A batch at the end of an epoch is completed from the next one.
  public mutating func next() -> [TokenWindow] {
    let share = size / processCount
    var batch: [TokenWindow] = []
    for place in 0..<size {
      // With weights below 1 an epoch may have no windows.
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
