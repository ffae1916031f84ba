import Files
import Terminal

/// One of many files that a command works on.
struct BatchInput: Sendable {
  var path: String
  /// Why a folder is none of the files that it may hold.
  var failure: Failure?
  /// Where its result goes below the folder for results, without extension.
  var result: String

  /// As messages and results name it.
  var name: String { Input.name(of: path) }

  /// What a command takes from folders.
  enum Kind: String {
    case midi = "MIDI"
    case tokens = "token"
    case midiOrTokens = "MIDI or token"

    var extensions: Set<String> {
      switch self {
      case .midi: ["mid", "midi", "kar", "rmi", "smf", "mid.gz", "midi.gz", "musicxml", "mxl"]
      // What else is written in JSON is not looked for among music.
      case .tokens: ["tokens", "names", "npy", "json"]
      case .midiOrTokens: Self.midi.extensions.union(["tokens", "names", "npy"])
      }
    }

    /// Whether the name of a file says that it is of the kind.
    func contains(_ path: String) -> Bool { extensions.contains { path.hasExtension($0) } }
  }

  /// Whether inputs are more than one file.
  static func isNeeded(for inputs: [String]) -> Bool { inputs.count > 1 || Folder.exists(inputs[0]) }

  /// The files that inputs stand for: themselves, or all of a kind in a folder.
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

  /// Refuses a folder that could not be read, as a file that cannot be read is refused.
  func check() throws(Failure) {
    if let failure { throw failure }
  }

  /// Files of one name, such as `a/song.mid` and `b/song.midi`, must not overwrite each other's result.
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
  /// The path of a file without the extension that says what music it is, such as `.mid` or `.mid.gz`.
  var withoutMusicExtension: String {
    let stem = withoutExtension
    return hasExtension("gz") && BatchInput.Kind.midi.contains(stem) ? stem.withoutExtension : stem
  }
}
