/// What the help of a command says below its first line: examples, and then the rest.
///
///     discussion: helpText(["Its tokens": "aurl encode song.mid"], "One file goes to standard output.")
///
/// - Parameters:
///   - examples: What is done, and the command line; at most 76 characters, since the parser would wrap it.
///   - text: Paragraphs.
package func helpText(_ examples: KeyValuePairs<String, String>, _ text: String = "") -> String {
  let lines = examples.map { "  \($0):\n    \($1)" }
  return (["EXAMPLES:\n" + lines.joined(separator: "\n")] + (text.isEmpty ? [] : [text])).joined(separator: "\n\n")
}
