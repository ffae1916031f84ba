import Foundation
import Inference
import ModelFormat

/// Measures tokens per second after a full window, in each precision.
struct StepSpeed {
  private let models: Models
  private let options: Options
  private let context = 512
  private let rounds = 40
  private let steps = 25

  init(_ models: Models, _ options: Options) {
    self.models = models
    self.options = options
  }

  /// The seconds for a token by the engine, for reading its weights from memory and from a cache, and for a token by
  /// the peer.
  private struct Times {
    var step: [Double] = []
    var memory: [Double] = []
    var cache: [Double] = []
    var peer: [Double] = []
  }

  func report() throws {
    print(
      "instructions \(options.instructions), context \(context), sampling included, medians of \(rounds) turns; the "
        + "peer is in single precision")
    print(
      row([
        "precision", "MB a token", "tokens/s", "of memory", "of cache", "GB/s memory", "GB/s cache", "peer/s",
        "of peer",
      ]))
    let peer = options.peer.isEmpty ? nil : try Peer(options.peer, model: models.path(.single))
    var speeds: [Double] = []
    for precision in ModelWriter.Precision.allCases {
      let model = try Model(path: models.path(precision), instructions: options.instructions)
      let bytes = model.configuration.numbersPerToken * precision.bytes
      let times = try measure(model, bytes: bytes, peer)
      speeds.append(1 / median(times.step))
      print(row([precision.rawValue] + figures(times, bytes: Double(bytes))))
    }
    print(String(format: "fp16 %.2f and int8 %.2f times as fast as fp32", speeds[1] / speeds[0], speeds[2] / speeds[0]))
    if peer == nil { print("PyTorch is not installed; Benchmarks/run training installs it") }
  }

  private func measure(_ model: Model, bytes: Int, _ peer: Peer?) throws -> Times {
    var stream = Stream(model, context: context)
    var memory = MemorySpeed(bytes: bytes, readings: (512 << 20) / bytes)
    var cache = MemorySpeed(bytes: bytes, readings: 1)
    var times = Times()
    for _ in 0..<rounds {
      times.step.append(median((0..<steps).map { _ in stream.measure() }))
      times.memory.append(median((0..<5).map { _ in memory.measure() }))
      times.cache.append(median((0..<5).map { _ in cache.measure() }))
      if let peer { times.peer.append(try peer.measure(steps: steps)) }
    }
    return times
  }

  private func figures(_ times: Times, bytes: Double) -> [String] {
    let (step, memory, cache) = (median(times.step), median(times.memory), median(times.cache))
    let peer = times.peer.isEmpty ? [] : [1 / median(times.peer), median(times.peer) / step]
    return ([bytes / 1e6, 1 / step, memory / step, cache / step, bytes / memory / 1e9, bytes / cache / 1e9] + peer)
      .map { String(format: $0 > 100 ? "%.0f" : "%.2f", $0) }
  }
}
