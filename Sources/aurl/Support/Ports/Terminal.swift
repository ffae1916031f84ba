import Glibc

/// Writes text to standard output.
///
/// - Returns: false where nobody reads it any more.
@discardableResult
func writeOutput(_ text: String) -> Bool { write(text, to: STDOUT_FILENO) }

/// Tells the user something that is no result, on standard error.
func report(_ text: String) { write("aurl: \(text)\n", to: STDERR_FILENO) }

/// A line on standard error that is written over and over, where that is a terminal.
struct ProgressLine: Sendable {
  private let isShown: Bool

  init(isQuiet: Bool) { isShown = !isQuiet && isatty(STDERR_FILENO) == 1 }

  func show(_ text: String) {
    if isShown { write("\r\(text)\u{1B}[K", to: STDERR_FILENO) }
  }

  func clear() {
    if isShown { write("\r\u{1B}[K", to: STDERR_FILENO) }
  }
}

@discardableResult
private func write(_ text: String, to descriptor: Int32) -> Bool {
  var text = text
  return text.withUTF8 { bytes in
    var rest = UnsafeRawBufferPointer(bytes)
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
      if count < 0 {
        if errno == EINTR { continue }
        return false
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[count...])
    }
    return true
  }
}
