internal import ModelFormat
public import Tensors

/// Windows of tokens as tensors, padded to one length.
public struct Batch {
  /// What the decoder predicts and the encoder sees, EOS included: ids, PAD where a window is over, [b, n].
  public let targets: Tensor
  /// The class of each target among the logits, PAD where a window is over, [b · n].
  let classes: Tensor
  /// What the decoder sees: BOS, then the targets before, [b, n].
  public let inputs: Tensor
  /// True where a window has a token, [b, n].
  public let mask: Tensor
  /// Tokens of each window.
  public let lengths: [Int]

  public var size: Int { lengths.count }
  public var tokenCount: Int { lengths.reduce(0, +) }
  /// n.
  public var length: Int { targets.shape[1] }
  /// Whether any window is shorter than the others.
  public var isPadded: Bool { lengths.contains { $0 != length } }

  /// - Parameters:
  ///   - windows: ids of tokens and EOS, none empty.
  ///   - length: what n is at least, where the shape must not depend on the windows.
  ///   - multiple: n is a multiple of it; that of a phrase, so that segments are whole.
  /// - Throws: `TensorError` naming the window and the index of an id that is neither a token nor EOS.
  public init(
    _ windows: [[UInt16]], length: Int = 0, multiple: Int, on device: Device = .cpu
  ) throws(TensorError) {
    let longest = max(length, windows.map(\.count).max() ?? 0)
    let length = (longest + multiple - 1) / multiple * multiple
    let pad = Int64(Configuration.Vocabulary.pad)
    var targets = [Int64](repeating: pad, count: windows.count * length)
    var inputs = targets
    for (row, window) in windows.enumerated() {
      inputs[row * length] = Int64(Configuration.Vocabulary.bos)
      for (column, id) in window.enumerated() {
        guard Configuration.Vocabulary.isPredicted(Int(id)) else {
          throw TensorError(
            operation: "batch", operands: ["window \(row)"], reason: "index \(column) is no token and not EOS: \(id)")
        }
        targets[row * length + column] = Int64(id)
        if column + 1 < window.count { inputs[row * length + column + 1] = Int64(id) }
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
    lengths = windows.map(\.count)
  }
}
