import ArgumentParser
import Files
import Terminal
import Training

struct Curves: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw the curves of a run again.",
    discussion: helpText(
      [
        "The curves of a run as a picture": "aurl train curves run --svg curves.svg"
      ]))

  @Argument(help: "The folder of the run.", completion: .directory)
  var folder: String

  @Option(help: "Where the page goes; else to the folder of the run.", completion: .file(extensions: ["html"]))
  var html: String?

  @Option(help: "Where the picture goes; else to the folder of the run.", completion: .file(extensions: ["svg"]))
  var svg: String?

  @Option(help: "The title; else the name of the folder.")
  var title: String?

  func run() throws {
    let folder = RunFolder(path: self.folder)
    let lines = try MetricsFile<MetricsLine>.read(folder.metrics)
    guard !lines.isEmpty else { throw Failure(.noInput, folder.metrics, "there are no metrics") }
    let title = title ?? folder.name
    try Files.write(
      CurvesPage(title: title, subtitle: folder.path, lines: lines).bytes(), toFile: html ?? folder.curves)
    try Files.write(CurvesPicture(title: title, lines: lines).bytes(), toFile: svg ?? folder.picture)
  }
}
