package import Datasets
internal import Layers
internal import MusicCore
internal import MusicFeatures
package import Tensors
package import VAEGAN

/// Windows of held-out pieces, for evaluation during training.
package struct HeldOut {
  private let windows: [TokenWindow]
  private let batchSize: Int
  private let seed: UInt64

  /// - Parameters:
  ///   - window: The maximum number of tokens of a window.
  ///   - count: The number of windows, evenly spaced; nil for all.
  ///   - batchSize: The number of windows per forward pass.
  ///   - seed: The seed of the latents' noise, which is the same in each evaluation and for any number of processes.
  package init(_ dataset: Dataset, window: Int, count: Int?, batchSize: Int, seed: UInt64) {
    let all = Windows.heldOut(of: dataset, length: window)
    windows = all.evenlySpaced(count ?? all.count)
    self.batchSize = batchSize
    self.seed = seed
  }

  package var count: Int { windows.count }

  /// The losses of a model on the windows; nil if there are none. The windows are distributed over the processes.
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
