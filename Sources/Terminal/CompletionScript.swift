package import ArgumentParser

/// The shell completion script of a program: the script that swift-argument-parser generates, with additions
/// of the program.
package enum CompletionScript {
  /// The script that command-line arguments request.
  ///
  /// - Returns: the script, or nil if the arguments do not request one.
  /// - Parameters:
  ///   - arguments: The arguments of the program.
  ///   - command: The root command of the program.
  ///   - additions: Definitions to add for each shell, which may replace generated ones.
  package static func requested(
    by arguments: [String], of command: any ParsableCommand.Type, adding additions: [CompletionShell: String]
  ) -> String? {
    let option = "--generate-completion-script"
    let words = arguments.flatMap { $0.split(separator: "=", maxSplits: 1).map(String.init) }
    guard (1...2).contains(words.count), words[0] == option,
      let shell = words.count == 1 ? .autodetected() : CompletionShell(rawValue: words[1])
    else { return nil }
    let script = command.completionScript(for: shell)
    guard let addition = additions[shell] else { return script }
    // A zsh script ends with the call or the registration of the completion function; additions go before it.
    let end = shell == .zsh ? script.firstRange(of: "\nif [[ \"${funcstack[1]}\"")?.lowerBound : nil
    let place = end ?? script.endIndex
    return script[..<place] + "\n" + addition + "\n" + script[place...]
  }
}
