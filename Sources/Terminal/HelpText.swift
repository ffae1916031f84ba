/// The discussion in the help of a command: examples, then paragraphs of text.
///
///     discussion: helpText(["Its tokens": "aurl encode song.mid"], "One file goes to standard output.")
///
/// - Parameters:
///   - examples: A description and a command line each; at most 76 characters, since the parser would wrap longer ones.
///   - text: Paragraphs.
package func helpText(_ examples: KeyValuePairs<String, String>, _ text: String = "") -> String {
  let lines = examples.map { "  \($0):\n    \($1)" }
  return (["EXAMPLES:\n" + lines.joined(separator: "\n")] + (text.isEmpty ? [] : [text])).joined(separator: "\n\n")
}
