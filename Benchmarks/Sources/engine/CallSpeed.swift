import Foundation
import Inference
import ModelFormat
import MusicFeatures

/// Measures loading, and calls that process many tokens at once.
struct CallSpeed {
  private let models: Models
  private let options: Options

  init(_ models: Models, _ options: Options) {
    self.models = models
    self.options = options
  }

  func report() throws {
    print(row(["precision", "load ms", "first ms", "prompt/s", "score/s", "encode ms"]))
    for precision in ModelWriter.Precision.allCases {
      let medians = try measure(precision).map { $0.isEmpty ? 0 : median($0) }
      let figures = [medians[0] * 1e3, medians[1] * 1e3, 512 / medians[2], 512 / medians[3], medians[4] * 1e3]
      print(row([precision.rawValue] + figures.map { String(format: $0 > 100 ? "%.0f" : "%.2f", $0) }))
    }
  }

  /// The seconds for loading, for loading and a first token, for a prompt, for scoring a window, and for encoding it.
  private func measure(_ precision: ModelWriter.Precision) throws -> [[Double]] {
    var times: [[Double]] = Array(repeating: [], count: 5)
    let tokens = (0..<512).map { _ in Int.random(in: 0..<774) }
    let window = TokenWindow(tokens: tokens.map { UInt16($0) })
    for _ in 0..<9 {
      var loaded: Model?
      let load = try seconds { loaded = try Model(path: models.path(precision), instructions: options.instructions) }
      guard let model = loaded else { continue }
      times[0].append(load)
      times[1].append(
        load
          + seconds {
            var stream = Stream(model, context: 1)
            _ = stream.measure()
          })
      let state = DecoderState(model)
      times[2].append(seconds { _ = state.prefill(tokens) })
      let scorer = WindowScorer(model)
      times[3].append(seconds { _ = scorer.logProbabilities(window, nil) })
      if model.prior != nil {
        _ = model.encode(TokenWindow(tokens: [0]))
        times[4].append(seconds { _ = model.encode(window) })
      }
    }
    return times
  }
}
