import MIDIPorts
import MusicCore
import Playing
import Synchronization
import Terminal

/// The work of `play`: from the opened port to the last note.
struct PlayingSession: Sendable {
  var performance: Performance
  var to: String?
  var start: Seconds
  var speed: Double
  var isLooping: Bool
  var progress: SharedProgressLine
  /// The connection to `to`, if it already exists.
  var connection: PortConnection?

  func run() async throws {
    let work = Task { try await connectAndPlay() }
    Interruption.handleByDispatch { work.cancel() }
    let result = await work.result
    progress.clear()
    Interruption.passOn()
    do { try result.get() } catch let error as PortError { throw Failure(error) }
  }

  private func connectAndPlay() async throws {
    let connection =
      if let connection { connection } else { try await PortConnection(to, direction: .output) }
    try await connection.waitForConnection()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask(executorPreference: connection.client.executor) {
        try await play(on: connection)
      }
      group.addTask(executorPreference: connection.client.executor) {
        try await watch(connection)
        // The stream ends only with the task; meanwhile playing continues.
        try await Task.sleep(for: .seconds(1 << 31))
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func play(on connection: PortConnection) async throws {
    let total = performance.duration.clockText
    try await connection.client.play(
      performance, on: connection.port, from: start, speed: speed, looping: isLooping
    ) { progress.update("\($0.clockText) / \(total)") }
  }

  /// Throws if the destination port vanishes.
  private func watch(_ connection: PortConnection) async throws {
    guard let peer = connection.peer else { return }
    for await case .change(let change, _) in connection.client.arrivals where change.ends(peer) {
      throw PortError.vanished(peer)
    }
  }
}

/// A progress line that several tasks may update.
final class SharedProgressLine: Sendable {
  private let line: Mutex<ProgressLine>

  init(isQuiet: Bool) { line = Mutex(ProgressLine(isQuiet: isQuiet)) }

  func update(_ text: String) { line.withLock { $0.update(text) } }
  func clear() { line.withLock { $0.clear() } }
}
