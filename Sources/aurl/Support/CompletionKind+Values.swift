import ArgumentParser
import Dispatch
import MIDIPorts
import MusicCore
import Synchronization

/// What shells complete to values that are there now, or that music has.
extension CompletionKind {
  /// The ports that music can be recorded from, by their numbers.
  static var inputPorts: CompletionKind {
    .custom { _, _, _ in ports().filter(\.isInput).map(\.address.description) }
  }

  /// The ports that can be played to, by their numbers.
  static var outputPorts: CompletionKind {
    .custom { _, _, _ in ports().filter(\.isOutput).map(\.address.description) }
  }

  /// Major and minor keys, after some keywords.
  static func keys(_ keywords: [String] = []) -> CompletionKind {
    .custom { _, _, _ in keywords + (0..<Key.count).map { quoted(Key(index: $0).description) } }
  }

  /// The ports that are there; none if there is no sequencer, or no answer within a second. Waits for them, since
  /// asynchronous completions are refused by swift-argument-parser.
  private static func ports() -> [PortInfo] {
    let ports = Mutex<[PortInfo]>([])
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
      let found = try? await SequencerClient(name: "aurl").ports()
      ports.withLock { $0 = found ?? [] }
      isDone.signal()
    }
    _ = isDone.wait(timeout: .now() + 1)
    return ports.withLock { $0 }
  }

  /// A value with spaces as it is typed; shells other than bash quote it themselves.
  private static func quoted(_ value: String) -> String {
    CompletionShell.requesting == .bash ? value.replacing(" ", with: "\\ ") : value
  }
}
