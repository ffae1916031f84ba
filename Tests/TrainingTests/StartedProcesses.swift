import Foundation
import Glibc
import TestSupport
import Testing

/// Processes of `aurl-train` on the loopback interface, started as by a launcher.
final class StartedProcesses {
  private let processes: [Process]
  private let folder: TemporaryFolder

  /// - Parameter arguments: The arguments of each process, by its rank.
  init(_ count: Int, _ arguments: (_ rank: Int) -> [String]) throws {
    let folder = try TemporaryFolder()
    let port = try Self.freePort()
    self.folder = folder
    processes = try (0..<count).map { rank in
      let process = Process()
      process.executableURL = CommandLineProgram.executable("aurl-train")
      process.arguments = arguments(rank)
      process.environment = ProcessInfo.processInfo.environment.merging([
        "RANK": "\(rank)", "WORLD_SIZE": "\(count)", "LOCAL_RANK": "\(rank)", "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": "\(port)", "GLOO_SOCKET_IFNAME": "lo",
      ]) { $1 }
      process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.write([], to: "\(rank)")))
      return process
    }
    for process in processes { try process.run() }
  }

  /// Ends processes that a failed test has left running.
  deinit { for process in processes where process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  var isAnyRunning: Bool { processes.contains(where: \.isRunning) }

  func send(_ signal: Int32, to rank: Int) { kill(processes[rank].processIdentifier, signal) }

  /// Waits for the end of a process; returns its status, negative for a signal, and its standard error.
  func end(of rank: Int) throws -> (status: Int32, errors: String) {
    let process = processes[rank]
    process.waitUntilExit()
    let status = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return (status, try String(contentsOfFile: folder.path("\(rank)"), encoding: .utf8))
  }

  /// A free port of the loopback interface.
  static func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(INADDR_LOOPBACK).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
      }
    }
    try #require(status == 0)
    return Int(UInt16(bigEndian: address.sin_port))
  }
}
