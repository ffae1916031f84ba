import Files
import Terminal

/// One of several input files of a command.
struct BatchInput: Sendable {
  var path: String
  /// The failure of a folder that could not be read.
  var failure: Failure?
  /// The path of its result in the folder for results, without extension.
  var result: String

  /// The name in messages and results.
  var name: String { Input.name(of: path) }

  /// The kind of files that a command takes from folders.
  enum Kind: String {
    case midi = "MIDI"
    case tokens = "token"
    case midiOrTokens = "MIDI or token"

    var extensions: Set<String> {
      switch self {
      case .midi: ["mid", "midi", "kar", "rmi", "smf", "mid.gz", "midi.gz", "musicxml", "mxl"]
      // In folders of mixed music, JSON files are not assumed to be tokens.
      case .tokens: ["tokens", "names", "npy", "json"]
      case .midiOrTokens: Self.midi.extensions.union(["tokens", "names", "npy"])
      }
    }

    /// Whether a file has an extension of the kind.
    func contains(_ path: String) -> Bool { extensions.contains { path.hasExtension($0) } }
  }

  /// Whether inputs may be more than one file.
  static func isNeeded(for inputs: [String]) -> Bool { inputs.count > 1 || Folder.exists(inputs[0]) }

  /// Expands inputs: files stand for themselves, folders for all files of a kind in them.
  static func all(_ inputs: [String], of kind: Kind) throws(Failure) -> [BatchInput] {
    let extensions = kind.extensions
    var found: [BatchInput] = []
    for input in inputs {
      if Folder.exists(input) {
        let contents = try contents(of: input, kind)
        for file in contents.files { found.append(BatchInput(path: "\(input)/\(file)", result: file)) }
        for error in contents.failures {
          found.append(BatchInput(path: error.path, failure: Failure(error), result: error.path.fileName))
        }
      } else {
        found.append(BatchInput(path: input, result: input == "-" ? "standard-input" : input.fileName))
      }
    }
    guard !found.isEmpty else {
      let names = extensions.sorted().map { ".\($0)" }.joined(separator: ", ")
      throw Failure(.noInput, inputs.joined(separator: ", "), "no \(kind.rawValue) files there (\(names))")
    }
    return withDistinctResults(found)
  }

  /// All files of a kind in a folder.
  static func contents(of folder: String, _ kind: Kind) throws(Failure) -> FolderContents {
    do throws(FileError) { return try FolderContents(of: folder, extensions: kind.extensions) } catch {
      throw Failure(error)
    }
  }

  /// Throws if this stands for a folder that could not be read.
  func check() throws(Failure) {
    if let failure { throw failure }
  }

  /// Makes result names unique: `a/song.mid` and `b/song.midi` must not overwrite each other's results.
  private static func withDistinctResults(_ inputs: [BatchInput]) -> [BatchInput] {
    var taken: Set<String> = []
    return inputs.map { input in
      let short = input.result.withoutMusicExtension
      var candidates = [short, input.result].makeIterator()
      var number = 1
      func next() -> String {
        if let candidate = candidates.next() { return candidate }
        number += 1
        return "\(short)-\(number)"
      }
      var result = next()
      while !taken.insert(result).inserted { result = next() }
      return BatchInput(path: input.path, failure: input.failure, result: result)
    }
  }
}

extension String {
  /// The path of a file without its music extension, such as `.mid` or `.mid.gz`.
  var withoutMusicExtension: String {
    let stem = withoutExtension
    return hasExtension("gz") && BatchInput.Kind.midi.contains(stem) ? stem.withoutExtension : stem
  }
}
