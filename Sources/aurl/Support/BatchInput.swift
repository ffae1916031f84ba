/// One of many files that a command works on.
struct BatchInput: Sendable {
  var path: String
  /// Where its result goes below the folder for results, without extension.
  var result: String

  /// What a command takes from folders.
  enum Kind: String {
    case midi = "MIDI"
    case midiOrTokens = "MIDI or token"

    var extensions: Set<String> {
      let midi: Set = ["mid", "midi", "kar", "rmi", "smf"]
      return self == .midi ? midi : midi.union(["tokens", "npy"])
    }
  }

  /// Whether inputs are more than one file.
  static func isNeeded(for inputs: [String]) -> Bool { inputs.count > 1 || Folder.exists(inputs[0]) }

  /// The files that inputs stand for: themselves, or all of a kind in a folder.
  static func all(_ inputs: [String], of kind: Kind) throws(Failure) -> [BatchInput] {
    let extensions = kind.extensions
    var found: [BatchInput] = []
    for input in inputs {
      if Folder.exists(input) {
        for file in try Folder.files(below: input, extensions: extensions) {
          found.append(BatchInput(path: "\(input)/\(file)", result: file))
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

  /// Files of one name, such as `a/song.mid` and `b/song.midi`, must not overwrite each other's result.
  private static func withDistinctResults(_ inputs: [BatchInput]) -> [BatchInput] {
    var taken: Set<String> = []
    return inputs.map { input in
      let short = input.result.withoutExtension
      var candidates = [short, input.result].makeIterator()
      var number = 1
      func next() -> String {
        if let candidate = candidates.next() { return candidate }
        number += 1
        return "\(short)-\(number)"
      }
      var result = next()
      while !taken.insert(result).inserted { result = next() }
      return BatchInput(path: input.path, result: result)
    }
  }
}
