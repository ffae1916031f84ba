import Foundation

/// The peer's answer is not a time.
struct Ended: Error {}

/// The same model in PyTorch, one step at a time: a process that measures on request.
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
    // As many threads as the engine has.
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_NUM_THREADS": "1"]) { $1 }
    try process.run()
  }

  /// The median of the seconds of a number of steps.
  func measure(steps: Int) throws -> Double {
    requests.fileHandleForWriting.write(Data("\(steps)\n".utf8))
    var answer = Data()
    while answer.last != UInt8(ascii: "\n") {
      let more = answers.fileHandleForReading.availableData
      guard !more.isEmpty else { throw Ended() }
      answer += more
    }
    let text = String(decoding: answer, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    guard let seconds = Double(text) else { throw Ended() }
    return seconds
  }

  deinit {
    requests.fileHandleForWriting.closeFile()
    process.waitUntilExit()
  }
}
