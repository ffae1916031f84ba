import Files
import Foundation
import TestSupport
import Testing
import Training

@Suite struct MetricsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func line(_ step: Int, loss: Double = 2) -> MetricsLine {
    var line = MetricsLine(step: step, tokens: 100 * step, seconds: Double(step))
    line.training = Losses(
      natsPerToken: loss, boundNatsPerToken: loss + 0.1, total: loss,
      kl: [Losses.Level(level: "global", natsPerWindow: 3, natsPerToken: 0.01)])
    return line
  }

  @Test func resumingDropsWhatCameAfterTheCheckpoint() throws {
    let path = folder.path("metrics.jsonl")
    var file = try MetricsFile<MetricsLine>(path: path, keepingTo: 0)
    for step in 1...5 { file.append(line(step)) }
    var resumed = try MetricsFile<MetricsLine>(path: path, keepingTo: 3)
    #expect(resumed.lines.map(\.step) == [1, 2, 3])
    resumed.append(line(4, loss: 7))
    #expect(try MetricsFile<MetricsLine>.read(path) == [line(1), line(2), line(3), line(4, loss: 7)])
  }

  @Test func aNewRunBeginsANewFile() throws {
    let path = try folder.write(Array("{\"step\":1,\"tokens\":1,\"seconds\":1}\n".utf8), to: "metrics.jsonl")
    let file = try MetricsFile<MetricsLine>(path: path, keepingTo: 0)
    #expect(file.lines.isEmpty)
    #expect(try readBytes(ofFile: path).isEmpty)
  }

  @Test func aTruncatedLineIsDropped() throws {
    let path = folder.path("metrics.jsonl")
    do {
      var file = try MetricsFile<MetricsLine>(path: path, keepingTo: 0)
      for step in 1...3 { file.append(line(step)) }
    }
    let bytes = try readBytes(ofFile: path)
    try write(bytes.dropLast(20), toFile: path)
    var file = try MetricsFile<MetricsLine>(path: path, keepingTo: 10)
    file.append(line(4))
    #expect(try MetricsFile<MetricsLine>.read(path).map(\.step) == [1, 2, 4])
  }

  @Test func figuresThatAreNotFiniteAreLeftOut() throws {
    let path = folder.path("metrics.jsonl")
    var file = try MetricsFile<MetricsLine>(path: path, keepingTo: 0)
    file.append(line(1, loss: .nan))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text.contains("\"step\":1") && !text.contains("natsPerToken\":n"))
    #expect(try MetricsFile<MetricsLine>.read(path)[0].training?.natsPerToken == nil)
  }

  @Test func aFolderThatIsMissingIsAnError() {
    #expect(throws: FileError.self) {
      _ = try MetricsFile<MetricsLine>(path: folder.path("none/metrics.jsonl"), keepingTo: 0)
    }
  }
}
