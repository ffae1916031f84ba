import Files
import Foundation
import Glibc
import Testing

/// File names as texts that preserve every byte.
@Suite struct PathTextTests {
  @Test func differentNamesHaveDifferentTexts() throws {
    var state: UInt32 = 1
    func random() -> UInt8 {
      state = state &* 1_664_525 &+ 1_013_904_223
      return UInt8(state >> 24)
    }
    // Latin-1; Shift-JIS with a backslash as second byte; truncated, overlong and surrogate UTF-8; and names that
    // already contain the characters that represent raw bytes.
    var names: [[UInt8]] = [
      [0x63, 0x61, 0x66, 0xE9], [0x83, 0x5C, 0x83, 0x40], [0xE3, 0x82], [0xC0, 0xAF], [0xED, 0xA0, 0x80],
      [0xF4, 0x8F, 0xBE, 0x80], [0xF4, 0x8F, 0xBF, 0xBF], [0xF4, 0x90, 0x80, 0x80], Array("é🎹/\u{301}.mid".utf8),
    ]
    names += (0x80...0xFF).map { [0x61, $0, 0x62] }
    names += (0..<2000).map { _ in (0..<9).map { _ in [max(1, random()), 0xF4, 0x8F, 0xBE][Int(random() % 4)] } }
    for name in names {
      let text = String(pathBytes: name)
      #expect(text.pathBytes == name)
      #expect(text.withPath { String(path: $0) } == text)
    }
    let texts = Set(names.map { Array(String(pathBytes: $0).unicodeScalars) })
    #expect(texts.count == Set(names).count)
  }

  @Test func namesInUTF8StayWhatTheyAre() {
    for name in ["song.mid", "日本語.mid", "e\u{301}", "\u{10FF00}", ""] {
      #expect(String(pathBytes: Array(name.utf8)).unicodeScalars.elementsEqual(name.unicodeScalars))
    }
  }

  @Test(arguments: [
    ("plain é 日本 🎹", "plain é 日本 🎹"), ("a\u{1B}[31m\n\u{7F}", #"a\x1B[31m\x0A\x7F"#), ("\u{9B}2J", #"\u{9B}2J"#),
    ("\u{202E}dim.gnos", #"\u{202E}dim.gnos"#), ("a\u{2028}b", #"a\u{2028}b"#),
  ])
  func controlCharactersAreEscaped(text: String, expected: String) {
    #expect(printable(text) == expected)
  }

  @Test func bytesThatAreNotUTF8AreEscaped() {
    #expect(printable(String(pathBytes: [0x63, 0xE9, 0x80, 0x2E])) == #"c\xE9\x80."#)
  }

  @Test(arguments: [
    ("a/b.mid", "a", "b.mid", "mid", "a/b"), ("b", ".", "b", "", "b"), ("/b.c.d", "/", "b.c.d", "d", "/b.c"),
    ("a.b/c", "a.b", "c", "", "a.b/c"), (".hidden", ".", ".hidden", "", ".hidden"),
    ("a/.hidden", "a", ".hidden", "", "a/.hidden"), ("a/\u{301}.mid", "a", "\u{301}.mid", "mid", "a/\u{301}"),
    ("a.", ".", "a.", "", "a."),
  ])
  func partsOfPaths(path: String, folder: String, name: String, suffix: String, stem: String) {
    #expect(path.folderPath == folder)
    #expect(path.fileName.unicodeScalars.elementsEqual(name.unicodeScalars))
    #expect(path.fileExtension == suffix)
    #expect(path.withoutExtension.unicodeScalars.elementsEqual(stem.unicodeScalars))
  }

  @Test(arguments: [
    ("a/song.mid.gz", "mid.gz", true), ("SONG.MID", "mid", true), ("\u{301}.mid", "mid", true),
    ("mid.gz", "mid.gz", false),
    ("song.gz", "mid.gz", false), ("songmid", "mid", false), ("a.mid/.gz", "mid.gz", false), (".mid", "mid", false),
    ("song.amid", "mid", false), (String(pathBytes: [0xE9, 0x2E, 0x6D, 0x69, 0x64]), "mid", true),
  ])
  func extensionsOfOneAndTwoParts(path: String, suffix: String, hasIt: Bool) {
    #expect(path.hasExtension(suffix) == hasIt)
  }

  /// If a name is not UTF-8, a C function that gets its text directly would open another file.
  @Test func onlyThisModulePassesNamesToTheSystem() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Sources").path
    let call = try Regex(
      #"(^|[^.\w])(Glibc\.)?(open|stat|lstat|access|mkdir|rename|unlink|rmdir|realpath|opendir|mkstemp|execv|fopen|getenv)\([^)"]"#
    )
    var count = 0
    for file in try FileManager.default.subpathsOfDirectory(atPath: sources) where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(sources)/\(file)", encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains(call) && !line.contains("func ") {
        if file.hasPrefix("Files/") { count += 1 } else { Issue.record("\(file): \(line)") }
      }
    }
    #expect(count > 5, "the calls of Files are found by the same pattern")
  }
}

/// Folders with hidden files, links, pipes and names that are not UTF-8.
@Suite struct FolderTests {
  let folder = TemporaryFolder()

  @Test func contentsAreFilesOfTheKindsAndWhatCouldNotBeRead() throws {
    for path in ["a", "a/.hidden", "b", "pipe"] { try FileSystem.makeFolder("\(folder.path)/\(path)") }
    let latin1 = String(pathBytes: [0xE9, 0x2E, 0x6D, 0x69, 0x64])
    for name in ["x.mid", "a/y.MID", "a/z.txt", "a/.hidden/h.mid", "b/\(latin1)", ".w.mid"] {
      try write([1], toFile: "\(folder.path)/\(name)")
    }
    for (link, target) in [
      ("to.mid", "x.mid"), ("broken.mid", "none"), ("folder.mid", "a"), ("device.mid", "/dev/zero"),
    ] {
      try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/\(link)", withDestinationPath: target)
    }
    let contents = try FolderContents(of: folder.path, extensions: ["mid"])
    #expect(contents.files == ["a/y.MID", "b/\(latin1)", "broken.mid", "to.mid", "x.mid"])
    #expect(contents.failures.isEmpty)
    #expect(throws: FileError(path: "\(folder.path)/none", operation: .open, code: ENOENT)) {
      try FolderContents(of: "\(folder.path)/none", extensions: [])
    }
    try FileSystem.remove("\(folder.path)/b/\(latin1)")
    try FileManager.default.removeItem(atPath: folder.path)
  }

  @Test func createsFoldersWithTheirParents() throws {
    let path = "\(folder.path)/a/\(String(pathBytes: [0xE9]))/c"
    for _ in 1...2 { try Folder.create(path) }
    #expect(Folder.exists(path))
    try write([1], toFile: "\(folder.path)/file")
    #expect(throws: FileError(path: "\(folder.path)/file", operation: .create, code: EEXIST)) {
      try Folder.create("\(folder.path)/file/x")
    }
    for part in [path, path.folderPath, path.folderPath.folderPath] { try FileSystem.removeFolder(part) }
  }
}
