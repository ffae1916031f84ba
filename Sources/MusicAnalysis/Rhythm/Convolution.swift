/// A dilated convolution along a sequence, of one or three taps.
struct Convolution {
  private let inputs: Int
  private let outputs: Int
  private let taps: Int
  private let dilation: Int
  /// Grouped by four outputs: for each group, input and tap, four weights that lie together.
  private let weights: [SIMD4<Float>]
  private let biases: [SIMD4<Float>]

  /// A convolution of the next weights of `source`, in the order output, input, tap, and then the biases.
  init(_ source: inout BeatWeights, from inputs: Int, to outputs: Int, taps: Int, dilation: Int) {
    self.inputs = inputs
    self.outputs = outputs
    self.taps = taps
    self.dilation = dilation
    let plain = source.next(outputs * inputs * taps)
    let plainBiases = source.next(outputs)
    let groups = (outputs + 3) / 4
    var weights = [SIMD4<Float>](repeating: .zero, count: groups * inputs * taps)
    var biases = [SIMD4<Float>](repeating: .zero, count: groups)
    for output in 0..<outputs {
      let (group, lane) = output.quotientAndRemainder(dividingBy: 4)
      biases[group][lane] = plainBiases[output]
      for index in 0..<inputs * taps {
        weights[group * inputs * taps + index][lane] = plain[output * inputs * taps + index]
      }
    }
    self.weights = weights
    self.biases = biases
  }

  /// Convolves `signal` into `result`, or adds to what is there. O(length × weights).
  func apply(to signal: Signal, into result: inout Signal, adding: Bool = false) {
    let (count, outputs, inputs, taps, dilation) = (signal.count, outputs, inputs, taps, dilation)
    let (stride, outStride, outMargin) = (signal.stride, result.stride, result.margin)
    let reach = taps == 3 ? dilation : 0
    signal.storage.withUnsafeBytes { bytes in
      guard let source = bytes.baseAddress else { return }
      result.withMutableValues { target in
        for start in Swift.stride(from: 0, to: count, by: 8) {
          for group in biases.indices {
            let bias = biases[group]
            var sums = (
              SIMD8<Float>(repeating: bias[0]), SIMD8<Float>(repeating: bias[1]),
              SIMD8<Float>(repeating: bias[2]), SIMD8<Float>(repeating: bias[3])
            )
            var index = group * inputs * taps
            for input in 0..<inputs {
              var position = input * stride + signal.margin + start - reach
              for _ in 0..<taps {
                let values = source.loadUnaligned(fromByteOffset: position * 4, as: SIMD8<Float>.self)
                let weight = weights[index]
                sums.0 += values * weight[0]
                sums.1 += values * weight[1]
                sums.2 += values * weight[2]
                sums.3 += values * weight[3]
                position += dilation
                index += 1
              }
            }
            store(sums.0, 4 * group, 0)
            store(sums.1, 4 * group, 1)
            store(sums.2, 4 * group, 2)
            store(sums.3, 4 * group, 3)

            func store(_ sum: SIMD8<Float>, _ base: Int, _ lane: Int) {
              guard base + lane < outputs else { return }
              let address = UnsafeMutableRawPointer(target + (base + lane) * outStride + outMargin + start)
              let old = adding ? address.loadUnaligned(as: SIMD8<Float>.self) : .zero
              address.storeBytes(of: old + sum, as: SIMD8<Float>.self)
            }
          }
        }
      }
    }
  }
}
