import ArgumentParser
import Dispatch
import Files
import MIDIPorts
import MusicCore
import Synchronization
import Synthesis
import Terminal

/// Shell completions of values, such as existing ports or musical keys.
extension CompletionKind {
  /// The ports that music can be recorded from, by their numbers.
  static var inputPorts: CompletionKind {
    .custom { _, _, _ in ports().filter(\.isInput).map { quoted($0.address.description) } }
  }

  /// The ports that can be played to, by their numbers.
  static var outputPorts: CompletionKind {
    .custom { _, _, _ in ports().filter(\.isOutput).map { quoted($0.address.description) } }
  }

  /// Files of models and critics, and the names of those that come with the program or are in the user's data folder.
  static var model: CompletionKind {
    .custom { _, _, word in named(ModelPlaces.standard.folders.flatMap(contents(of:)), or: word, ["safetensors"]) }
  }

  /// Soundfont files, and the names of the installed ones.
  static var soundFont: CompletionKind {
    .custom { _, _, word in named(SoundFontCatalog.standard.soundFonts.map(\.path.fileName), or: word, ["sf2", "sf3"]) }
  }

  /// The user's presets of `live`.
  static var presets: CompletionKind { .custom { _, _, _ in ((try? LivePreset.read()) ?? []).map { quoted($0.name) } } }

  /// Major and minor keys, after some keywords.
  static func keys(_ keywords: [String] = []) -> CompletionKind {
    .custom { _, _, _ in keywords + (0..<Key.count).map { quoted(Key(index: $0).description) } }
  }

  /// The existing ports; none if there is no sequencer, or no answer within a second. Blocks, since
  /// swift-argument-parser does not accept asynchronous completions here.
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

  /// The names that begin with a word, and the paths of files with some extensions and of folders that begin with it.
  private static func named(_ names: [String], or word: String, _ extensions: Set<String>) -> [String] {
    let isRight = { (name: String) in extensions.contains(name.fileExtension.lowercased()) }
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let path =
      folder.hasPrefix("~/") ? (Environment["HOME"] ?? "~") + folder.dropFirst() : folder.isEmpty ? "." : folder
    let paths = contents(of: path).filter { !$0.hasPrefix(".") || word.dropFirst(folder.count).hasPrefix(".") }
      .compactMap { name in
        // bash itself appends a slash to the names of folders.
        if Folder.exists("\(path)/\(name)") { return folder + name + (CompletionShell.requesting == .bash ? "" : "/") }
        return isRight(name) ? folder + name : nil
      }
    return Set(names.filter(isRight) + paths).sorted().map(quoted)
  }

  private static func contents(of folder: String) -> [String] { (try? Folder.names(in: folder)) ?? [] }

  /// A value escaped for the shell's completion script: bash expands special characters, and for zsh a colon begins a
  /// description.
  private static func quoted(_ value: String) -> String {
    switch CompletionShell.requesting {
    case .bash: value.map { $0.isLetter || $0.isNumber || "/._-:".contains($0) ? "\($0)" : "\\\($0)" }.joined()
    case .zsh: value.replacing(":", with: "\\:")
    default: value
    }
  }
}
