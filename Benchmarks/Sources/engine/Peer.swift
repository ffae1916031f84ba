import Foundation

/// The same model in PyTorch, a step at a time: a process that waits until it is asked to measure.
final class Peer {
  private let process = Process()
  private let requests = Pipe()
  private let answers = Pipe()

  /// - Parameter command: the program and its arguments, before the model's path.
  init(_ command: [String], model: String) throws {
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = command.dropFirst() + [model]
    process.standardInput = requests
    process.standardOutput = answers
    // Without more threads than the engine has.
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    try process.run()
  }

  /// The median of the seconds of so many steps.
  func measure(steps: Int) throws -> Double {
    requests.fileHandleForWriting.write(Data("\(steps)\n".utf8))
    let answer = String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self)
    guard let seconds = Double(answer.trimmingCharacters(in: .whitespacesAndNewlines)) else {
      throw CocoaError(.fileReadCorruptFile, userInfo: [NSLocalizedDescriptionKey: "PyTorch ended: \(answer)"])
    }
    return seconds
  }

  deinit {
    requests.fileHandleForWriting.closeFile()
    process.waitUntilExit()
  }
}
