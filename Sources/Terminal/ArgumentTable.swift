package import ArgumentParser
internal import FoundationEssentials

/// The options of a program's commands, as its parser describes them: to say more of a command line that it refuses.
package struct ArgumentTable {
  private struct Document: Decodable {
    var command: Command
  }

  private struct Command: Decodable {
    var commandName: String
    var defaultSubcommand: String?
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
    /// Whether everything after it, options too, are its values.
    var takesAll: Bool { parsingStrategy == "allRemainingInput" }
  }

  private let root: Command

  /// Nil where the parser's description is not understood.
  package init?(_ command: (some ParsableCommand).Type) {
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(command._dumpHelp().utf8)) else {
      return nil
    }
    root = document.command
  }

  /// The arguments of a command line with values that begin with a minus, such as `--seconds -3`, joined to their
  /// options: `--seconds=-3`. The parser takes them for options and says that the value is missing.
  package func joiningNegativeNumbers(_ arguments: [String]) -> [String] {
    let (command, start) = command(of: arguments)
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

  /// Why a command line cannot be understood at all: an option that its command does not have, and the one that may be
  /// meant; nil where all are there.
  package func unknownOption(in arguments: [String]) -> Failure? {
    let (command, start) = command(of: arguments)
    guard command.arguments?.contains(where: \.takesAll) != true else { return nil }
    var rest = arguments[start...]
    while let argument = rest.popFirst(), argument != "--" {
      guard argument.hasPrefix("-"), argument != "-", !Self.isNegativeNumber(argument) else { continue }
      if let option = option(argument, of: command) {
        if option.takesValue, !argument.contains("="), rest.first?.hasPrefix("--") == false { rest.removeFirst() }
        continue
      }
      let name = String(argument.prefix { $0 != "=" })
      let path = ([root.commandName] + arguments[..<start]).joined(separator: " ")
      let near = name.nearest(of: longNames(of: command)).map { "did you mean \"\($0)\"?" }
      return Failure(.usage, nil, "\"\(path)\" has no option \"\(name)\"; \(near ?? "see \(path) --help")")
    }
    return nil
  }

  /// The command that arguments name, and where its own begin.
  private func command(of arguments: [String]) -> (Command, start: Int) {
    var (command, start) = (root, 0)
    while start < arguments.count, let next = command.subcommands?.first(where: { $0.commandName == arguments[start] })
    {
      (command, start) = (next, start + 1)
    }
    if let name = command.defaultSubcommand, let next = command.subcommands?.first(where: { $0.commandName == name }) {
      command = next
    }
    return (command, start)
  }

  /// The option that an argument names; nil where the command has none of its name.
  private func option(_ argument: String, of command: Command) -> Argument? {
    let isLong = argument.hasPrefix("--")
    guard argument.hasPrefix("-"), argument != "-" else { return nil }
    // Several short ones may stand together.
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
  /// Reads a command line as `parseAsRoot` does, and says what is wrong with it first: unknown options before all else.
  ///
  /// - Throws: `Failure` for an option that there is not; otherwise what the parser throws.
  package static func parse(asRoot arguments: [String]) throws -> any ParsableCommand {
    do { return try parseAsRoot(arguments) } catch {
      // What begins with three dashes is what completion scripts ask.
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
