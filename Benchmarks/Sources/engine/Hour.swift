import Foundation
import Inference
import ModelFormat

/// Measures the memory of the process while one stream generates as many tokens as an hour of music has.
struct Hour {
  private let models: Models
  private let options: Options
  /// 23 tokens per second, as in piano performances.
  private let tokens = 84_000

  init(_ models: Models, _ options: Options) {
    self.models = models
    self.options = options
  }

  func report() throws {
    let model = try Model(path: models.path(.int8), instructions: options.instructions)
    var stream = Stream(model, context: 512)
    for _ in 0..<100 { _ = stream.measure() }
    let before = residentBytes
    var most = before
    for step in 0..<tokens {
      _ = stream.measure()
      if step % 1000 == 999 { most = max(most, residentBytes) }
    }
    print("memory over \(tokens) tokens of int8: \(before >> 10) KB before, \(most >> 10) KB at most")
  }

  /// The resident memory of the process (proc(5)).
  private var residentBytes: Int {
    let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
    return (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * Int(getpagesize())
  }
}
