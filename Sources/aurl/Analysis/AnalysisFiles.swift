import AnalysisReport
import ArgumentParser
import Files
import MusicCore
import Terminal

/// The files that an analysis is written to; for several inputs each option names a folder.
struct AnalysisFiles: ParsableArguments {
  @Option(
    help: "Write an HTML page with pictures and sound; for several files this names a folder.",
    completion: .file())
  var html: String?

  @Option(
    help: "Write keys and numerals as RomanText, which music21 reads; for several files this names a folder.",
    completion: .file())
  var roman: String?

  @Option(
    help: "Write the chords as a .lab file, which mir_eval reads; for several files this names a folder.",
    completion: .file())
  var lab: String?

  @Option(
    help: "Write the times of the beats, which mir_eval reads; for several files this names a folder.",
    completion: .file())
  var beats: String?

  private var named: [(path: String?, suffix: String)] {
    [(html, "html"), (roman, "rntxt"), (lab, "lab"), (beats, "beats")]
  }

  var isEmpty: Bool { named.allSatisfy { $0.path == nil } }

  /// Whether only a page is to be written.
  var isPageOnly: Bool { named.dropFirst().allSatisfy { $0.path == nil } }

  /// Creates the folders for the results of several files.
  func createFolders() throws(Failure) {
    for folder in named.compactMap(\.path) { try Output.createFolder(folder) }
  }

  /// The files of one of several inputs, in folders that are created if missing.
  func inFolders(for result: String) throws(Failure) -> AnalysisFiles {
    var files = self
    files.html = html.map { "\($0)/\(result).html" }
    files.roman = roman.map { "\($0)/\(result).rntxt" }
    files.lab = lab.map { "\($0)/\(result).lab" }
    files.beats = beats.map { "\($0)/\(result).beats" }
    for path in files.named.compactMap(\.path) { try Output.createParent(of: path) }
    return files
  }

  /// Rejects results that would replace inputs, and names with the extension of another format.
  func check(_ inputs: InputFiles) throws(Failure) {
    for file in named { try inputs.check(file.path) }
    try ResultKind.check(html, "a page", [.page])
    // Label files are plain text.
    for (path, result) in [(roman, "RomanText"), (lab, "chords"), (beats, "beats")] {
      try ResultKind.check(path, result, [.text])
    }
  }

  /// Writes the requested files.
  ///
  /// - Parameter realism: the scores of a critic, for the page.
  func write(_ document: AnalysisDocument, _ score: Score, realism: [RealismWindow]) throws {
    if let html { try Output.write(ReportPage(document, score: score, realism: realism).bytes(), to: html) }
    func write(_ path: String?, _ text: () -> String) throws(Failure) {
      if let path { try Output.write(Array(text().utf8), to: path) }
    }
    try write(roman) { RomanText.text(document, title: ReportPage.title(of: score, file: document.file)) }
    try write(lab) { LabelFiles.chords(document.analysis) }
    try write(beats) { LabelFiles.beats(document.analysis) }
  }
}
