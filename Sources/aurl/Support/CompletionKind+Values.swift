import ArgumentParser
import MIDIPorts
import MusicCore

/// What shells complete to values that are there now, or that music has.
extension CompletionKind {
  /// The ports that music can be recorded from, by their numbers.
  static var inputPorts: CompletionKind {
    .custom { _, _, _ in await ports().filter(\.isInput).map(\.address.description) }
  }

  /// The ports that can be played to, by their numbers.
  static var outputPorts: CompletionKind {
    .custom { _, _, _ in await ports().filter(\.isOutput).map(\.address.description) }
  }

  /// Major and minor keys, after some keywords.
  static func keys(_ keywords: [String] = []) -> CompletionKind {
    .custom { _, _, _ in keywords + (0..<Key.count).map { quoted(Key(index: $0).description) } }
  }

  private static func ports() async -> [PortInfo] {
    guard let client = try? SequencerClient(name: "aurl") else { return [] }
    return (try? await client.ports()) ?? []
  }

  /// A value with spaces as it is typed; shells other than bash quote it themselves.
  private static func quoted(_ value: String) -> String {
    CompletionShell.requesting == .bash ? value.replacing(" ", with: "\\ ") : value
  }
}
