package import Datasets
internal import Layers
internal import MusicFeatures
package import Tensors
package import VAEGAN

/// Windows of pieces that training never sees, to measure a model on.
package struct HeldOut {
  private let windows: [TokenWindow]
  private let batchSize: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - window: The tokens of a window at most.
  ///   - count: How many windows, evenly taken from all; nil for all.
  ///   - batchSize: How many are computed at once.
  ///   - seed: Of the noise of latents, which is the same in each evaluation and for any number of processes.
  package init(_ dataset: Dataset, window: Int, count: Int?, batchSize: Int, seed: UInt64) {
    let all = Windows.heldOut(of: dataset, length: window)
    let count = min(count ?? all.count, all.count)
    windows = (0..<count).map { all[$0 * all.count / count] }
    self.batchSize = batchSize
    self.seed = seed
  }

  package var count: Int { windows.count }

  /// What the windows cost a model; nil where there are none. The processes of the model share the work.
  package func losses(of model: VAE) throws(TensorError) -> Losses? {
    let processes = model.parameters.processes
    var sums = LossSums()
    for start in stride(from: 0, to: windows.count, by: batchSize)
    where start / batchSize % processes.count == processes.rank {
      let generator = try Generator(seed: seed &+ UInt64(start))
      let batch = try Batch(
        Array(windows[start..<min(windows.count, start + batchSize)]), multiple: model.lengthMultiple,
        on: model.parameters.device)
      try Gradients.unrecorded { () throws(TensorError) in
        try sums.add(Objective()(model, batch, using: generator, training: false), of: batch)
      }
    }
    return try sums.summed(over: processes).losses
  }
}
