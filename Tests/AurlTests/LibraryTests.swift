import Foundation
import TestSupport
import Testing

/// The package that `docs/library.md` shows is complete: it builds and prints what the document says.
@Suite struct LibraryTests {
  @Test(.timeLimit(.minutes(20))) func theExamplePackageRuns() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("aurl"), withDestinationURL: CommandLineProgram.checkout)
    let document = try String(
      contentsOf: CommandLineProgram.checkout.appendingPathComponent("docs/library.md"), encoding: .utf8)
    for name in ["octave/Package.swift", "octave/Sources/octave/main.swift"] {
      _ = try folder.write(try Self.block(after: "`\(name)`:", in: document).utf8, to: name)
    }
    let command = try Self.block(after: "In the folder `octave`:", in: document)
    // Built as a user would: without optimization, and without the settings of this package's own build.
    let result = try CommandLineProgram.run(
      "/bin/sh", ["-c", "unset AURL_STRICT LIBTORCH; " + command], folder: folder.url.appendingPathComponent("octave"))
    #expect(result.status == 0, "\(result.errors)")
    #expect(try result.text == Self.block(after: "It prints:", in: document))
    let higher = try CommandLineProgram.aurl("inspect", folder.path("octave/higher.mid"))
    #expect(higher.status == 0 && higher.text.contains("notes       549"))
  }

  /// The text of the first code block after a line.
  private static func block(after line: String, in document: String) throws -> String {
    let start = try #require(document.range(of: line + "\n\n```"), "\(line)")
    let begin = try #require(document[start.upperBound...].firstIndex(of: "\n"))
    let end = try #require(document[begin...].range(of: "\n```"))
    return String(document[document.index(after: begin)..<end.lowerBound]) + "\n"
  }
}
