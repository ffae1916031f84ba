import Foundation
import Inference
import ModelFormat

// The engine on one thread, beside the speed at which the machine reads its weights once for each token, in one run and
// in turns.
//   engine [MODEL.safetensors] [INSTRUCTIONS]    the preset small with random weights where no model is given
let arguments = CommandLine.arguments.dropFirst()
let instructions = arguments.compactMap(InstructionSet.init).first ?? .best
let models = try Models(path: arguments.first { InstructionSet(rawValue: $0) == nil })
defer { models.remove() }

let context = 512
let rounds = 40
let steps = 25

func row(_ cells: [String]) -> String {
  cells.map { $0 + String(repeating: " ", count: max(1, 14 - $0.count)) }.joined()
}

print("instructions \(instructions), context \(context), sampling included, medians of \(rounds) turns")
print(row(["precision", "MB a token", "tokens/s", "of memory", "of cache", "GB/s memory", "GB/s cache"]))
var speeds: [Double] = []
for precision in ModelWriter.Precision.allCases {
  let model = try Model(path: models.path(precision), instructions: instructions)
  let bytes = model.configuration.numbersPerToken * precision.bytes
  var stream = Stream(model, context: context)
  var memory = MemorySpeed(bytes: bytes, readings: (512 << 20) / bytes)
  var cache = MemorySpeed(bytes: bytes, readings: 1)
  var times: (step: [Double], memory: [Double], cache: [Double]) = ([], [], [])
  for _ in 0..<rounds {
    times.step.append(median((0..<steps).map { _ in stream.measure() }))
    times.memory.append(median((0..<5).map { _ in memory.measure() }))
    times.cache.append(median((0..<5).map { _ in cache.measure() }))
  }
  let (step, fromMemory, fromCache) = (median(times.step), median(times.memory), median(times.cache))
  speeds.append(1 / step)
  let figures = [
    Double(bytes) / 1e6, 1 / step, fromMemory / step, fromCache / step, Double(bytes) / fromMemory / 1e9,
    Double(bytes) / fromCache / 1e9,
  ]
  print(row([precision.rawValue] + figures.map { String(format: $0 > 100 ? "%.0f" : "%.2f", $0) }))
}
print(String(format: "fp16 %.2f and int8 %.2f times as fast as fp32", speeds[1] / speeds[0], speeds[2] / speeds[0]))

print(row(["precision", "load ms", "first ms", "prompt/s", "score/s", "encode ms"]))
for precision in ModelWriter.Precision.allCases {
  var times: [[Double]] = Array(repeating: [], count: 5)
  let window = (0..<512).map { _ in Int.random(in: 0..<774) }
  for _ in 0..<9 {
    var loaded: Model?
    times[0].append(try seconds { loaded = try Model(path: models.path(precision), instructions: instructions) })
    guard let model = loaded else { continue }
    times[1].append(
      times[0][times[0].count - 1]
        + seconds {
          var stream = Stream(model, context: 1)
          _ = stream.measure()
        })
    let state = DecoderState(model)
    times[2].append(seconds { _ = state.prefill(window) })
    let scorer = WindowScorer(model)
    times[3].append(seconds { _ = scorer.logProbabilities(window, nil) })
    if model.prior != nil {
      _ = model.encode([0])
      times[4].append(seconds { _ = model.encode(window) })
    }
  }
  let medians = times.map { $0.isEmpty ? 0 : median($0) }
  let figures = [medians[0] * 1e3, medians[1] * 1e3, 512 / medians[2], 512 / medians[3], medians[4] * 1e3]
  print(row([precision.rawValue] + figures.map { String(format: $0 > 100 ? "%.0f" : "%.2f", $0) }))
}
