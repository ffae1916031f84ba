import Terminal
import Text

/// Converts several files into a folder, in parallel: used by `encode`, `decode` and `notate` if they are given more
/// than one file.
///
/// In JSON it prints one line per file and a summary, in which `verb` is the number of converted files.
struct FolderBatch: Sendable {
  /// The participle of the work, such as "encoded".
  var verb: String
  /// The kind of files to convert in folders among the inputs.
  var kind: BatchInput.Kind
  /// The folder for the results.
  var folder: String
  /// The quantities that are counted for each file.
  var counts: [Conversion.Count]
  /// The number of threads.
  var jobs: Int
  var isJSON: Bool
  var isQuiet: Bool

  /// The folder for the results of several files, which must be named.
  static func folder(_ output: String?, of inputs: String = "several files and folders") throws(Failure) -> String {
    guard let output, output != "-" else {
      throw Failure(.usage, nil, "\(inputs) need a folder for the results: -o DIR")
    }
    return output
  }

  /// Converts all files.
  ///
  /// - Parameter convert: Converts a file, and writes its results with `Conversion.write(_:to:)`.
  func run(
    _ paths: [String], _ convert: @escaping @Sendable (BatchInput, inout Conversion) throws(Failure) -> Void
  ) async throws {
    let inputs = try BatchInput.all(paths, of: kind)
    try Output.createFolder(folder)
    let empty = Conversion(folder: folder, inputs: InputFiles(inputs.map(\.path)), counts: counts)
    let batch = Batch(names: inputs.map(\.name), jobs: jobs, verb: verb, progress: FileProgress(isQuiet: isQuiet))
    var total = empty.values
    let tally = try await batch.run { index in
      empty.converting(inputs[index], convert)
    } deliver: { _, outcome in
      if outcome.failure == nil { total.merge(outcome.conversion.values, uniquingKeysWith: +) }
      if isJSON { try Output.print(JSONText.line(outcome.conversion)) }
      return outcome.failure
    }
    if isJSON {
      var summary = ["files": tally.count, verb: tally.done, "skipped": tally.skipped, "lost": tally.lost]
      for (count, value) in total { summary[count.rawValue] = value }
      try Output.print(JSONText.line(["summary": summary]))
    } else if !isQuiet {
      let numbers = counts.map { "\(total[$0, default: 0]) \($0.rawValue)" }.joined(separator: ", ")
      Message.note("\(tally.summary): \(numbers)")
    }
    try tally.check()
  }
}

/// The result of a file: of one of a `FolderBatch`, or of a command with a single file.
struct Conversion: Sendable {
  /// A counted quantity, by its name in JSON and messages.
  enum Count: String {
    case notes, tokens, repairs
  }

  private let folder: String
  private let inputs: InputFiles
  private var file = ""
  /// The files that were written, including those before a failure.
  private var outputs: [String] = []
  private(set) var values: [Count: Int]
  private var error: String?

  init(folder: String, inputs: InputFiles, counts: [Count]) {
    self.folder = folder
    self.inputs = inputs
    values = Dictionary(uniqueKeysWithValues: counts.map { ($0, 0) })
  }

  /// The conversion of a single file.
  ///
  /// - Throws: `Failure` if the output is to be described as JSON and would be mixed with it on standard output.
  static func single(
    _ path: String, to output: String?, counts: [Count], isJSON: Bool
  ) throws(Failure) -> Conversion {
    let inputs = InputFiles([path])
    try inputs.check(output)
    if isJSON, output == nil || output == "-" {
      throw Failure(.usage, nil, "--json describes the result on standard output; name a file for it with -o")
    }
    var conversion = Conversion(folder: "", inputs: inputs, counts: counts)
    conversion.file = Input.name(of: path)
    return conversion
  }

  /// Prints the conversion of a single file, which was written to `output`, as JSON.
  mutating func printJSON(output: String?) throws {
    outputs = [output].compactMap(\.self)
    try Output.print(JSONText.line(self))
  }

  subscript(count: Count) -> Int {
    get { values[count, default: 0] }
    set { values[count] = newValue }
  }

  /// Writes a result.
  ///
  /// - Parameter name: its path in the folder.
  mutating func write(_ bytes: [UInt8], to name: String) throws(Failure) {
    let path = "\(folder)/\(name)"
    try Output.createParent(of: path)
    try inputs.check(path)
    try Output.write(bytes, to: path)
    outputs.append(path)
  }

  /// The conversion of an input, and its failure if there is one.
  fileprivate func converting(
    _ input: BatchInput, _ convert: (BatchInput, inout Conversion) throws(Failure) -> Void
  ) -> (conversion: Conversion, failure: Failure?) {
    var conversion = self
    conversion.file = input.name
    do throws(Failure) {
      try input.check()
      try convert(input, &conversion)
    } catch {
      conversion.error = error.losesResult ? "\(error)" : error.message
      return (conversion, error)
    }
    return (conversion, nil)
  }
}

extension Conversion: Encodable {
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: AnyCodingKey.self)
    try container.encode(file, forKey: AnyCodingKey("file"))
    try container.encode(outputs, forKey: AnyCodingKey("outputs"))
    for (count, value) in values { try container.encode(value, forKey: AnyCodingKey(count.rawValue)) }
    try container.encodeIfPresent(error, forKey: AnyCodingKey("error"))
  }
}
