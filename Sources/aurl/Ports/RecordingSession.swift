import Files
import Glibc
import MIDIFiles
import MIDIPorts
import MusicCore
import Recording
import Terminal
import Text

/// The work of `record`: from the opened port to the finished take.
struct RecordingSession {
  var output: String
  var from: String?
  var limit: Seconds?
  var silence: Seconds?
  var tokens: Bool

  func run() async throws {
    // If the reader of the tokens ends, recording continues.
    signal(SIGPIPE, SIG_IGN)
    let connection = try await PortConnection(from, direction: .input)
    let client = connection.client
    Interruption.handleByDispatch { Task { await client.endArrivals() } }
    await client.reportTime(every: .milliseconds(tokens ? 8 : 20))
    try await withTaskExecutorPreference(client.executor) { try await record(connection) }
  }

  private func begin(_ port: PortAddress) throws -> TakeRecorder {
    do throws(FileError) {
      return try TakeRecorder(path: output, port: port, tokens: tokens)
    } catch { throw Failure(beginning: error) }
  }

  private func record(_ connection: PortConnection) async throws {
    var connection = connection
    var recorder = try begin(connection.port)
    let client = connection.client
    let start = await client.now
    var end: Seconds?
    do throws(FileError) {
      for await arrival in client.arrivals {
        try recorder.receive(arrival)
        if case .change(let change, _) = arrival { await connection.follow(change) }
        if case .time(let time) = arrival {
          print(recorder.takeTokens(at: time))
          if let limit, time - start >= limit { break }
          if let silence, recorder.silence(at: time) >= silence {
            end = recorder.lastArrival
            break
          }
        }
      }
      if end == nil { end = await client.now }
      let (notes, lost) = (recorder.noteCount, recorder.lostCount)
      let (rest, duration) = try recorder.finish(at: end ?? start)
      print(rest)
      Message.note("\(notes.counted("note")) in \(duration.text(decimals: 1)) s, in \(output)")
      if lost > 0 { Message.warning("\(lost.counted("event")) lost: the input was full") }
    } catch { throw Failure(error) }
  }

  /// Prints tokens; errors are ignored.
  private func print(_ text: String) {
    if !text.isEmpty { try? writeToStandardOutput(Array(text.utf8)) }
  }
}

extension Failure {
  /// A take that cannot be started.
  init(beginning error: FileError) {
    self.init(error)
    guard error.code == EEXIST else { return }
    self.init(.cannotCreate, error.path, "is an unfinished take; rename or remove it")
  }
}
