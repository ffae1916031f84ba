import CPrograms
import Glibc

/// A program under test that runs in the background, with its output in files.
final class Subprocess {
  let identifier: pid_t
  private let outputPath: String
  private let errorPath: String
  private(set) var status: Int32?

  /// Starts a program, given by its path or found on PATH.
  ///
  /// - Parameter terminal: The terminal for standard input and standard error, which is then not kept; nil for none.
  init(_ arguments: [String], terminal: Terminal? = nil) throws {
    outputPath = temporaryPath("out")
    errorPath = temporaryPath("err")
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, terminal?.path ?? "/dev/null", O_RDWR, 0)
    posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    posix_spawn_file_actions_addopen(&actions, 2, terminal?.path ?? errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    // Threads of the test runner may block signals, which a child process would inherit.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    // In a new session the terminal becomes the controlling terminal.
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | (terminal == nil ? 0 : aurl_spawn_session()))
    var strings = arguments.map { strdup($0) } + [nil]
    defer { strings.forEach { free($0) } }
    var identifier = pid_t()
    let code = posix_spawnp(&identifier, arguments[0], &actions, &attributes, &strings, environ)
    guard code == 0 else { throw Unstartable(program: arguments[0], code: code) }
    self.identifier = identifier
  }

  struct Unstartable: Error {
    var program: String
    var code: Int32
  }

  deinit {
    if status == nil {
      kill(identifier, SIGKILL)
      var ignored: Int32 = 0
      waitpid(identifier, &ignored, 0)
    }
    unlink(outputPath)
    unlink(errorPath)
  }

  func send(_ signal: Int32) { kill(identifier, signal) }

  /// The standard output so far.
  var output: String { contents(of: outputPath) }

  /// The standard error so far.
  var errors: String { contents(of: errorPath) }

  /// The threads of the program, and whether each has real-time priority.
  var priorities: [(name: String, isRealTime: Bool)] {
    entries(of: "/proc/\(identifier)/task").map { thread in
      let name = contents(of: "/proc/\(identifier)/task/\(thread)/comm").prefix { $0 != "\n" }
      let policy = pid_t(thread).map { sched_getscheduler($0) & 0xFF }
      return (String(name), policy == SCHED_FIFO)
    }
  }

  /// Whether the program handles SIGTERM: commands that end cleanly do so from the moment they begin their work.
  var handlesSignals: Bool {
    contents(of: "/proc/\(identifier)/status").split(separator: "\n").contains { line in
      guard line.hasPrefix("SigIgn:") || line.hasPrefix("SigCgt:") else { return false }
      let signals = line.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
      return signals >> (SIGTERM - 1) & 1 == 1
    }
  }

  /// Whether the program has ended.
  var hasEnded: Bool {
    if status != nil { return true }
    var value: Int32 = 0
    guard waitpid(identifier, &value, WNOHANG) == identifier else { return false }
    status = value
    return true
  }

  /// The exit status, after waiting for the end; −signal if a signal ended the program, nil if it is still running.
  func exitStatus(within seconds: Double = 20) async throws -> Int32? {
    guard try await eventually(within: seconds, { self.hasEnded }), let status else { return nil }
    let signal = status & 0x7F
    return signal == 0 ? status >> 8 & 0xFF : -signal
  }
}

/// A path for a temporary file.
func temporaryPath(_ suffix: String) -> String {
  "/tmp/aurl-test-\(getpid())-\(UInt64.random(in: 0 ... .max)).\(suffix)"
}

func contents(of path: String) -> String {
  guard let file = fopen(path, "r") else { return "" }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = fgetc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
  return String(decoding: bytes, as: UTF8.self)
}
