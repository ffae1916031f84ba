import Foundation
import TestSupport
import Testing

/// `aurl train` runs `aurl-train`, here a script that prints its arguments.
@Suite struct TrainTests {
  private let folder: TemporaryFolder
  /// A copy of the program in a folder without other programs.
  private let aurl: String

  init() throws {
    folder = try TemporaryFolder()
    aurl = folder.path("bin/aurl")
    try install(CommandLineProgram.executable("aurl").path, as: aurl)
  }

  /// Copies a program by means of another process. If this process wrote the file, a child process started at the same
  /// time by another test could inherit the open descriptor, and the file could not be run (ETXTBSY).
  private func install(_ source: String, as path: String) throws {
    let result = try CommandLineProgram.run("/usr/bin/install", ["-D", "-m", "755", source, path])
    try #require(result.status == 0, "\(result.errors)")
  }

  private func addProgram(to name: String) throws {
    let script = try folder.write(
      Array("#!/bin/sh\necho \"\(name)\"\nfor a in \"$@\"; do echo \"<$a>\"; done\nexit 7\n".utf8), to: "\(name).sh")
    try install(script, as: folder.path("\(name)/aurl-train"))
  }

  private func train(_ arguments: String..., program: String? = nil) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run(
      program ?? aurl, ["train"] + arguments, environment: ["PATH": "\(folder.path("path")):/usr/bin:/bin"])
  }

  @Test func theProgramInTheSameFolderComesFirstAndGetsEveryArgument() throws {
    try addProgram(to: "bin")
    try addProgram(to: "path")
    let result = try train("a folder", "--set", "batch.windows=8", "--help", "-q", "--", "")
    #expect(result.text == "bin\n<a folder>\n<--set>\n<batch.windows=8>\n<--help>\n<-q>\n<-->\n<>\n")
    #expect(result.status == 7, "its exit code is that of aurl")
  }

  @Test func linksAreFollowedToTheProgramInTheSameFolder() throws {
    try addProgram(to: "bin")
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: aurl)
    #expect(try train("x", program: link).text == "bin\n<x>\n")
  }

  @Test func thenPATHIsSearched() throws {
    try addProgram(to: "path")
    #expect(try train("--resume").text == "path\n<--resume>\n")
  }

  @Test func aMissingProgramIsOneLineAnd69() throws {
    try FileManager.default.createDirectory(atPath: folder.path("path/aurl-train"), withIntermediateDirectories: true)
    let result = try train("data")
    #expect(result.status == 69)
    #expect(result.errors.hasPrefix("Error: aurl-train: it is neither beside aurl nor on PATH"))
    #expect(result.errors.contains("make libtorch") && result.errors.split(separator: "\n").count == 1)
  }
}
