internal import ModelFormat
package import MusicFeatures
package import Tensors

/// Windows of tokens as tensors, padded to one length.
package struct Batch {
  /// What the decoder predicts and the encoder sees, EOS included: ids, PAD where a window is over, [b, n].
  package let targets: Tensor
  /// The class of each target among the logits, PAD where a window is over, [b · n].
  let classes: Tensor
  /// What the decoder sees: BOS, then the targets before, [b, n].
  package let inputs: Tensor
  /// The `KeyPlanes` before the first token of each window and after each token: [b, n + 1, planes]; 0 at padding.
  let planes: Tensor
  /// True where a window has a token, [b, n].
  package let mask: Tensor
  /// Tokens of each window.
  package let lengths: [Int]

  package var size: Int { lengths.count }
  package var tokenCount: Int { lengths.reduce(0, +) }
  /// n.
  package var length: Int { targets.shape[1] }
  /// Whether any window is shorter than the others.
  package var isPadded: Bool { lengths.contains { $0 != length } }

  /// - Parameters:
  ///   - windows: of tokens and EOS, none empty.
  ///   - length: what n is at least, where the shape must not depend on the windows.
  ///   - multiple: n is a multiple of it; that of a phrase, so that segments are whole.
  /// - Throws: `TensorError` naming the window and the index of an id that is neither a token nor EOS.
  package init(
    _ windows: [TokenWindow], length: Int = 0, multiple: Int, on device: Device = .cpu
  ) throws(TensorError) {
    let longest = max(length, windows.map(\.tokens.count).max() ?? 0)
    let length = (longest + multiple - 1) / multiple * multiple
    let pad = Int64(Configuration.Vocabulary.pad)
    var targets = [Int64](repeating: pad, count: windows.count * length)
    var inputs = targets
    for (row, window) in windows.enumerated() {
      inputs[row * length] = Int64(Configuration.Vocabulary.bos)
      for (column, id) in window.tokens.enumerated() {
        guard Configuration.Vocabulary.isPredicted(Int(id)) else {
          throw TensorError(
            operation: "batch", operands: ["window \(row)"], reason: "index \(column) is no token and not EOS: \(id)")
        }
        targets[row * length + column] = Int64(id)
        if column + 1 < window.tokens.count { inputs[row * length + column + 1] = Int64(id) }
      }
    }
    let shape = [windows.count, length]
    self.targets = try Tensor(targets, shape, on: device, name: "targets")
    self.inputs = try Tensor(inputs, shape, on: device, name: "inputs")
    let classes = targets.map {
      $0 == Configuration.Vocabulary.eos ? Int64(Configuration.Vocabulary.eosLogit) : $0
    }
    self.classes = try Tensor(classes, [classes.count], on: device, name: "classes")
    mask = try Tensor(targets.map { $0 != pad }, shape, on: device, name: "mask")
    lengths = windows.map(\.tokens.count)
    planes = try Self.planes(windows, length: length, on: device)
  }

  private static func planes(
    _ windows: [TokenWindow], length: Int, on device: Device
  ) throws(TensorError) -> Tensor {
    let width = KeyPlanes.count
    let count = windows.count * (length + 1) * width
    let values = [Float](unsafeUninitializedCapacity: count) { values, initialized in
      values.initialize(repeating: 0)
      initialized = count
      guard let base = values.baseAddress else { return }
      for (row, window) in windows.enumerated() {
        var place = base + row * (length + 1) * width
        var state = window.start
        KeyPlanes.write(state, to: place)
        for token in window.tokens {
          place += width
          state.apply(token)
          KeyPlanes.write(state, to: place)
        }
      }
    }
    return try Tensor(values, [windows.count, length + 1, width], on: device, name: "planes")
  }
}
