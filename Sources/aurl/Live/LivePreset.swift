import ArgumentParser
import Files
import Foundation
import Terminal

/// A named preset of options of `live`, in the file `live.conf` of the user's configuration folder: a line `[name]`,
/// and below it `option = value` and `flag`, with the names of the options on the command line.
struct LivePreset {
  var name: String
  /// The arguments of the options, each with its line in the file.
  var arguments: [(words: [String], line: Int)] = []

  static var path: String? {
    let folder = Environment["XDG_CONFIG_HOME"] ?? Environment["HOME"].map { "\($0)/.config" }
    return folder.map { "\($0)/aurl/live.conf" }
  }

  /// Arguments with `--preset NAME` replaced by those of the preset, which come first so that the others take
  /// precedence.
  static func expand(_ arguments: [String]) throws(Failure) -> [String] {
    guard arguments.first == "live", let (name, rest) = named(in: Array(arguments.dropFirst())) else {
      return arguments
    }
    let presets = try read()
    guard let preset = presets.first(where: { $0.name == name }) else {
      let names = presets.map(\.name).joined(separator: ", ")
      throw Failure(.usage, path, "there is no preset \"\(name)\"" + (names.isEmpty ? "" : "; there are \(names)"))
    }
    return ["live"] + preset.arguments.flatMap(\.words) + rest
  }

  /// The name of the requested preset, and the other arguments.
  private static func named(in arguments: [String]) -> (name: String, rest: [String])? {
    var rest = arguments
    guard let index = rest.firstIndex(where: { $0 == "--preset" || $0.hasPrefix("--preset=") }) else { return nil }
    let word = rest.remove(at: index)
    if word.hasPrefix("--preset=") { return (String(word.dropFirst("--preset=".count)), rest) }
    guard index < rest.count else { return nil }
    return (rest.remove(at: index), rest)
  }

  /// All presets of the file; none if there is no file.
  static func read() throws(Failure) -> [LivePreset] {
    guard let path else { return [] }
    let text: String
    do throws(FileError) { text = String(decoding: try readBytes(ofFile: path), as: UTF8.self) } catch {
      if error.isMissing { return [] }
      throw Failure(error)
    }
    var presets: [LivePreset] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
      // Some editors begin a file with a byte order mark.
      let line = line.trimmingCharacters(in: .whitespaces.union(["\u{FEFF}"]))
      if line.isEmpty || line.hasPrefix("#") { continue }
      func refuse(_ reason: String) -> Failure { Failure(.malformedInput, "\(path):\(index + 1)", reason) }
      if line.hasPrefix("["), line.hasSuffix("]") {
        let name = line.dropFirst().dropLast().trimmingCharacters(in: .whitespaces)
        if presets.contains(where: { $0.name == name }) { throw refuse("there are two presets \"\(name)\"") }
        presets.append(LivePreset(name: name))
        continue
      }
      guard !presets.isEmpty else { throw refuse("options must follow the name of a preset, such as [jazz]") }
      let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
      guard let option = parts.first, names.contains(option) else {
        throw refuse("\"\(parts.first ?? line)\" is not an option that a preset can have")
      }
      let words = ["--\(option)"] + parts.dropFirst().map(unquoted)
      presets[presets.count - 1].arguments.append((words, index + 1))
    }
    for preset in presets {
      for (words, line) in preset.arguments where isRefused(words) {
        let text = words.joined(separator: " ")
        throw Failure(.malformedInput, "\(path):\(line)", "\"\(text)\" is invalid; see aurl live --help")
      }
    }
    return presets
  }

  /// A value without the quotation marks that a shell would remove.
  private static func unquoted(_ value: String) -> String {
    guard value.count >= 2, let mark = value.first, mark == "\"" || mark == "'", value.last == mark else {
      return value
    }
    return String(value.dropFirst().dropLast())
  }

  /// The long names of the options, without dashes; without those that end the program at once.
  private static let names: Set<String> = {
    Set(Live.helpMessage(columns: 200).matches(of: /--([a-z][a-z-]*)/).map { String($0.1) })
      .subtracting(["preset", "list-presets", "help", "version"])
  }()

  /// Whether an option with its value is invalid on its own. Combinations of options are checked later.
  private static func isRefused(_ words: [String]) -> Bool {
    do {
      _ = try Live.parse(words)
      return false
    } catch {
      let text = Live.message(for: error)
      return Live.exitCode(for: error) != .success && !text.contains("need") && !text.contains("go together")
    }
  }
}
