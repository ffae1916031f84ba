package import ArgumentParser

/// The script by which a shell completes the command line of a program: that of swift-argument-parser, and what is added
/// to it.
package enum CompletionScript {
  /// What arguments ask for.
  ///
  /// - Returns: the script, or nil where the arguments do not ask for one.
  /// - Parameters:
  ///   - arguments: The arguments of the program.
  ///   - command: The program.
  ///   - additions: What is added, in the language of each shell: definitions that may replace earlier ones.
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
    // What zsh loads ends with a call of the function that completes, or with its registration.
    let end = shell == .zsh ? script.firstRange(of: "\nif [[ \"${funcstack[1]}\"")?.lowerBound : nil
    let place = end ?? script.endIndex
    return script[..<place] + "\n" + addition + "\n" + script[place...]
  }
}
