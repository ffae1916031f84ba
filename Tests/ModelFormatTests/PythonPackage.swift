import Foundation
import TestSupport

/// Python's `safetensors` package, installed once into the user's cache folder, if possible.
struct PythonPackage {
  private let python: String
  private let folder: URL

  /// Nil if there is no Python or its package index cannot be reached.
  static let shared: PythonPackage? = try? PythonPackage()

  private static let version = "0.8.0"

  private struct Unavailable: Error {}

  private init() throws {
    python = "/usr/bin/env"
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.cache"
    let home = URL(fileURLWithPath: cache).appendingPathComponent("aurl")
    folder = home.appendingPathComponent("safetensors-\(Self.version)")
    if works { return }
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let half = home.appendingPathComponent("safetensors-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: half) }
    let install = [
      "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--root-user-action", "ignore",
      "--no-cache-dir",
      "--retries", "1", "--timeout", "10", "--target", half.path, "safetensors==\(Self.version)", "numpy",
    ]
    guard try CommandLineProgram.run(python, ["python3"] + install).status == 0 else { throw Unavailable() }
    // Replaces a copy that was installed for another version of Python.
    try? FileManager.default.removeItem(at: folder)
    try? FileManager.default.moveItem(at: half, to: folder)
    guard works else { throw Unavailable() }
  }

  private var works: Bool { (try? run("import safetensors.numpy").status) == 0 }

  /// Runs a Python program with arguments.
  func run(_ program: String, _ arguments: String...) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      python, ["python3", "-c", program] + arguments, environment: ["PYTHONPATH": folder.path])
  }
}
