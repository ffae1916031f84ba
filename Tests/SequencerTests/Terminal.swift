import CPrograms
import Glibc

/// A pseudo-terminal for programs under test, whose output can be read and to which keys can be typed.
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

  /// Whether typed keys are echoed, which a program that reads single keys turns off.
  var echoes: Bool {
    var settings = termios()
    return tcgetattr(descriptor, &settings) == 0 && settings.c_lflag & tcflag_t(ECHO) != 0
  }

  func type(_ keys: String) { _ = keys.withCString { write(descriptor, $0, strlen($0)) } }

  /// The output since the last call.
  func read() -> [UInt8] {
    var (result, buffer) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
    while case let count = Glibc.read(descriptor, &buffer, buffer.count), count > 0 { result += buffer[..<count] }
    return result
  }
}
