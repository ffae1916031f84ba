import Foundation
import TestSupport
import Testing

/// The examples of the README and the documentation do what they show.
@Suite struct DocumentationTests {
  /// A command of a `console` block, and the output that the document shows for it, in which `…` matches any text.
  struct Example: CustomStringConvertible {
    var document: String
    var command: String
    var output: String

    var description: String { "\(document): \(command)" }
  }

  private static let documents: [String] = {
    let docs = (try? FileManager.default.contentsOfDirectory(atPath: CommandLineProgram.checkout.path + "/docs")) ?? []
    return ["README.md", "corpus/README.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
  }()

  private static let withExamples = documents.filter { (try? !examples(in: $0).isEmpty) ?? true }

  @Test(arguments: withExamples)
  func examplesPrintWhatTheyShow(document: String) throws {
    let examples = try Self.examples(in: document)
    #expect(!examples.isEmpty)
    let folder = try TemporaryFolder()
    for name in ["corpus", "soundfonts"] {
      let target = CommandLineProgram.checkout.appendingPathComponent(name)
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name), withDestinationURL: target)
    }
    for example in examples {
      let output = try Self.run(example.command, in: folder)
      #expect(Self.matches(output, example.output), "\(example) printed:\n\(output)")
    }
  }

  /// A command that is shown with its output is an example, so that it is run. Only those that need a sequencer are not.
  @Test func allShownCommandsAreExamples() throws {
    #expect(Self.withExamples.contains("README.md") && Self.withExamples.count >= 8, "\(Self.withExamples)")
    for document in Self.documents where document != "docs/ports.md" {
      let lines = try Self.text(of: document).components(separatedBy: "\n").filter { $0.hasPrefix("$ ") }
      #expect(try Self.examples(in: document).map { "$ " + $0.command } == lines, "\(document)")
    }
  }

  private static func text(of document: String) throws -> String {
    try String(contentsOf: CommandLineProgram.checkout.appendingPathComponent(document), encoding: .utf8)
  }

  private static func examples(in document: String) throws -> [Example] {
    var examples: [Example] = []
    var isInBlock = false
    for line in try text(of: document).components(separatedBy: "\n") {
      if line.hasPrefix("```") {
        isInBlock = line == "```console"
      } else if isInBlock, line.hasPrefix("$ ") {
        examples.append(Example(document: document, command: String(line.dropFirst(2)), output: ""))
      } else if isInBlock, !examples.isEmpty {
        examples[examples.count - 1].output += line + "\n"
      }
    }
    return examples
  }

  /// Runs a line in a shell and returns its standard output and standard error in one text.
  private static func run(_ command: String, in folder: TemporaryFolder) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-o", "pipefail", "-c", command]
    process.currentDirectoryURL = folder.url
    let path = CommandLineProgram.executable("aurl").deletingLastPathComponent().path
    process.environment = ProcessInfo.processInfo.environment
      .merging(["PATH": "\(path):\(ProcessInfo.processInfo.environment["PATH"] ?? "")"]) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: output, as: UTF8.self)
  }

  private static func matches(_ output: String, _ pattern: String) -> Bool {
    var rest = Substring(output.trimmingCharacters(in: .newlines))
    let pieces = pattern.trimmingCharacters(in: .newlines).components(separatedBy: "…")
    for (index, piece) in pieces.enumerated() {
      if index == 0 {
        guard rest.hasPrefix(piece) else { return false }
        rest = rest.dropFirst(piece.count)
      } else if index == pieces.count - 1 {
        return rest.hasSuffix(piece)
      } else {
        guard let range = rest.range(of: piece) else { return false }
        rest = rest[range.upperBound...]
      }
    }
    return pieces.count > 1 || rest.isEmpty
  }
}
