import CPrograms
import Glibc

/// A terminal without a screen, for programs under test: what they show is read, and keys are typed.
final class Terminal: Sendable {
  /// The path that a program opens.
  let path: String
  private let descriptor: Int32

  struct Unavailable: Error {}

  init(rows: UInt16 = 40, columns: UInt16 = 100) throws {
    var name = [CChar](repeating: 0, count: 64)
    descriptor = aurl_open_terminal(rows, columns, &name)
    guard descriptor >= 0 else { throw Unavailable() }
    path = String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  deinit { close(descriptor) }

  /// Whether keys are shown as they are typed: whether no program has it for itself.
  var echoes: Bool {
    var settings = termios()
    return tcgetattr(descriptor, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  func type(_ keys: String) { _ = keys.withCString { write(descriptor, $0, strlen($0)) } }

  /// What has been shown since the last call.
  func read() -> [UInt8] {
    var (result, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { result += buffer[..<count] }
    return result
  }
}
