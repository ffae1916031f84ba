internal import CTorch

/// The device that holds the elements of a tensor.
package enum Device: Hashable, Sendable, CustomStringConvertible {
  case cpu
  /// A GPU, by its number.
  case cuda(Int)

  /// Reads "cpu", "cuda" and "cuda:1".
  package init?(_ text: String) {
    switch text {
    case "cpu": self = .cpu
    case "cuda": self = .cuda(0)
    default:
      guard text.hasPrefix("cuda:"), let number = Int(text.dropFirst(5)), number >= 0 else { return nil }
      self = .cuda(number)
    }
  }

  init(number: Int32) { self = number < 0 ? .cpu : .cuda(Int(number)) }

  var number: Int32 {
    switch self {
    case .cpu: -1
    case .cuda(let number): Int32(number)
    }
  }

  package var description: String {
    switch self {
    case .cpu: "cpu"
    case .cuda(let number): "cuda:\(number)"
    }
  }

  /// Prepares the device for use; libtorch's GPU libraries are loaded here.
  ///
  /// - Throws: `TensorError` if there is no such device, or libtorch has no support for it.
  package func prepare() throws(TensorError) {
    guard case .cuda(let number) = self else { return }
    var count: Int32 = 0
    guard ctorch_cuda_device_count(&count) == 0 else { throw missing(String(cString: ctorch_last_error())) }
    guard number < count else { throw missing("this machine has \(count) CUDA devices") }
  }

  private func missing(_ reason: String) -> TensorError {
    TensorError(operation: "device \(self)", operands: [], reason: reason)
  }
}
