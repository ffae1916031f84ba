import ArgumentParser

/// Shell completions of paths. Folders are always completed.
extension CompletionKind {
  static var midi: CompletionKind { .files(["mid", "midi", "kar", "rmi", "smf", "gz", "musicxml", "mxl", "xml"]) }
  static var tokens: CompletionKind { .files(["tokens", "ids", "names", "txt", "json", "npy"]) }
  static var music: CompletionKind {
    .files([
      "mid", "midi", "kar", "rmi", "smf", "gz", "musicxml", "mxl", "xml", "tokens", "ids", "names", "txt", "json",
      "npy",
    ])
  }

  private static func files(_ extensions: [String]) -> CompletionKind {
    .file(extensions: extensions.flatMap { [$0, $0.uppercased()] })
  }
}
