internal import ModelFormat
package import MusicCore
package import MusicFeatures
package import Tensors

/// Windows of tokens as tensors, padded to one length.
package struct Batch {
  /// The decoder's targets, which are also the encoder's input: ids, EOS included, PAD beyond the end of a window, [b,
  /// n].
  package let targets: Tensor
  /// The class index of each target, PAD beyond the end of a window, [b · n].
  let classes: Tensor
  /// The decoder's inputs: BOS, then the preceding targets, [b, n].
  package let inputs: Tensor
  /// The `KeyPlanes` before the first token of each window and after each token: [b, n + 1, planes]; 0 in padding.
  let planes: Tensor
  /// The `ChartPlanes` before each token, [b, n, planes]; nil if no window has a chart.
  let chartPlanes: Tensor?
  /// The charts of the windows that have one.
  package let charts: [ChordChart]
  /// True for tokens, false for padding, [b, n].
  package let mask: Tensor
  /// The number of tokens of each window.
  package let lengths: [Int]

  package var size: Int { lengths.count }
  package var tokenCount: Int { lengths.reduce(0, +) }
  /// The padded length n.
  package var length: Int { targets.shape[1] }
  /// Whether any window is padded.
  package var isPadded: Bool { lengths.contains { $0 != length } }

  /// - Parameters:
  ///   - windows: windows of tokens and EOS, none empty.
  ///   - length: the minimum of n, for a shape that does not depend on the windows.
  ///   - multiple: n is rounded up to a multiple of it, such as the phrase length, so that segments are complete.
  /// - Throws: `TensorError` with the window and index of an id that is neither a token nor EOS.
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
            operation: "batch", operands: ["window \(row)"], reason: "index \(column) is neither a token nor EOS: \(id)"
          )
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
    charts = windows.compactMap(\.chart)
    chartPlanes = charts.isEmpty ? nil : try Self.chartPlanes(windows, length: length, on: device)
  }

  private static func chartPlanes(
    _ windows: [TokenWindow], length: Int, on device: Device
  ) throws(TensorError) -> Tensor {
    let width = ChartPlanes.count
    let count = windows.count * length * width
    let values = [Float](unsafeUninitializedCapacity: count) { values, initialized in
      values.initialize(repeating: 0)
      initialized = count
      guard let base = values.baseAddress else { return }
      for (row, window) in windows.enumerated() {
        var state = window.start
        for (column, token) in window.tokens.enumerated() {
          ChartPlanes.write(window.chart, at: state.time, to: base + (row * length + column) * width)
          state.apply(token)
        }
      }
    }
    return try Tensor(values, [windows.count, length, width], on: device, name: "chart planes")
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
