import ArgumentParser
import Files
import Terminal
import Training

/// The options from which the settings of a run are resolved.
struct SettingsOptions: ParsableArguments {
  @Option(help: "A file of settings; \"aurl-train settings\" prints one with all of them.", completion: .file())
  var config: String?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("A setting on top of the file, such as optimizer.learningRate=1e-3.", valueName: "key=value"))
  var assignments: [String] = []

  /// - Parameters:
  ///   - saved: The settings of a resumed run, with the lowest precedence.
  ///   - options: Assignments by other options of the command, with the highest precedence.
  func settings(below saved: String? = nil, options: [Assignment] = []) throws -> Settings {
    var all: [Assignment] = []
    for path in [saved, config].compactMap({ $0 }) {
      let bytes = try readBytes(ofFile: path)
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw Failure(.malformedInput, path, "not a text in UTF-8")
      }
      all += try Assignment.all(yaml: text, file: path)
    }
    for option in assignments { all.append(try Assignment(option: option)) }
    return try Settings(all + options)
  }
}
