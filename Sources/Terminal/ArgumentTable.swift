package import ArgumentParser
internal import FoundationEssentials

/// The options of a program's commands, from the parser's machine-readable help: used to explain invalid command lines.
package struct ArgumentTable {
  private struct Document: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var arguments: [Argument]?
    var subcommands: [Command]?
  }

  private struct Argument: Decodable {
    struct Name: Decodable {
      var kind: String
      var name: String
    }

    var kind: String
    var names: [Name]?
    var parsingStrategy: String?

    var takesValue: Bool { kind == "option" }
    /// Whether it takes all remaining arguments, including options, as its values.
    var takesAll: Bool { parsingStrategy == "allRemainingInput" }
  }

  private let root: Command
  /// The name of the subcommand that is used if the command line names none. The parser's description does not have it.
  private let defaultSubcommand: String?

  /// Nil if the parser's description has an unknown format.
  package init?(_ command: (some ParsableCommand).Type) {
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(command._dumpHelp().utf8)) else {
      return nil
    }
    root = document.command
    defaultSubcommand = command.configuration.defaultSubcommand?._commandName
  }

  /// The arguments of a command line with values that begin with a minus, such as `--seconds -3`, joined to their
  /// options: `--seconds=-3`. The parser would take such values for options and report a missing value.
  package func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
    let (command, start, _) = command(of: arguments)
    var joined = Array(arguments[..<start])
    var rest = arguments[start...]
    while let argument = rest.popFirst() {
      if argument == "--" { return joined + [argument] + rest }
      if let option = self.option(argument, of: command), option.takesValue, !argument.contains("="),
        let value = rest.first, Self.isNegativeNumber(value)
      {
        joined.append("\(argument)=\(value)")
        rest.removeFirst()
      } else {
        joined.append(argument)
      }
    }
    return joined
  }

  /// An error for the first option that the command does not have, with the most similar existing option, if any;
  /// nil if all options exist.
  package func unknownOption(in arguments: [String]) -> Failure? {
    let (command, start, path) = command(of: arguments)
    guard command.arguments?.contains(where: \.takesAll) != true else { return nil }
    var rest = arguments[start...]
    while let argument = rest.popFirst(), argument != "--" {
      guard argument.hasPrefix("-"), argument != "-", !Self.isNegativeNumber(argument) else { continue }
      if let option = option(argument, of: command) {
        if option.takesValue, !argument.contains("="), rest.first?.hasPrefix("--") == false { rest.removeFirst() }
        continue
      }
      let name = String(argument.prefix { $0 != "=" })
      let near = name.nearest(of: longNames(of: command)).map { "did you mean \"\($0)\"?" }
      return Failure(.usage, nil, "\"\(path)\" has no option \"\(name)\"; \(near ?? "see \(path) --help")")
    }
    return nil
  }

  /// The command that the arguments select, the index of its first own argument, and its full name.
  private func command(of arguments: [String]) -> (Command, start: Int, path: String) {
    var (command, start) = (root, 0)
    func subcommand(_ name: String?) -> Command? { command.subcommands?.first { $0.commandName == name } }
    while start < arguments.count, let next = subcommand(arguments[start]) { (command, start) = (next, start + 1) }
    var names = [root.commandName] + arguments[..<start]
    if start == 0, let name = defaultSubcommand, let next = subcommand(name) {
      command = next
      names.append(name)
    }
    return (command, start, names.joined(separator: " "))
  }

  /// The option that an argument names; nil if the command has no such option.
  private func option(_ argument: String, of command: Command) -> Argument? {
    let isLong = argument.hasPrefix("--")
    guard argument.hasPrefix("-"), argument != "-" else { return nil }
    // Several short options may be combined.
    let name = isLong ? String(argument.dropFirst(2).prefix { $0 != "=" }) : String(argument.dropFirst().prefix(1))
    return command.arguments?.first { option in
      option.names?.contains { $0.name == name && ($0.kind == "short") == !isLong } == true
    }
  }

  private func longNames(of command: Command) -> [String] {
    (command.arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map { "--\($0.name)" }
  }

  private static func isNegativeNumber(_ text: String) -> Bool {
    text.first == "-" && text.dropFirst().first.map { $0.isASCII && ($0.isNumber || $0 == ".") } == true
  }
}

extension ParsableCommand {
  /// Parses a command line like `parseAsRoot`, but reports unknown options before any other error.
  ///
  /// - Throws: `Failure` for an unknown option; otherwise the error of the parser.
  package static func parse(asRoot arguments: [String]) throws -> any ParsableCommand {
    do { return try parseAsRoot(arguments) } catch {
      // Arguments that begin with three dashes come from completion scripts.
      guard !exitCode(for: error).isSuccess, arguments.first?.hasPrefix("---") != true,
        let table = ArgumentTable(Self.self)
      else { throw error }
      if let failure = table.unknownOption(in: arguments) { throw failure }
      let joined = table.joiningNegativeNumbers(arguments)
      guard joined != arguments else { throw error }
      return try parseAsRoot(joined)
    }
  }
}
