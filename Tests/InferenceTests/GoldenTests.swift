import Foundation
import Inference
import ModelFormat
import MusicFeatures
import Testing

/// The engine compared with PyTorch on the same models; `golden.py` computed the reference values.
@Suite struct GoldenTests {
  struct Case: Decodable, Sendable, CustomStringConvertible {
    var name: String
    var tokens: [Int]
    /// The tokens of the piece before the window.
    var before: [Int]
    var global: [Float]?
    var globalLogVariance: [Float]?
    var phrase: [Float]?
    var phraseLogVariance: [Float]?
    var local: [Float]?
    var localLogVariance: [Float]?
    var globalLogPrior: Double?
    var logProbabilities: [Float]
    var logits: [Float]
    var description: String { "\(name), \(tokens.count) tokens" }

    var configuration: Configuration {
      switch name {
      case "plain": .plain
      case "mixture": .tiny { $0.prior = .mixture }
      case "flow": .tiny { $0.prior = .flow }
      case "normalized": .tiny { $0.normalizeMeans = true }
      default: .tiny
      }
    }
  }

  static let cases: [Case] = {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("golden.json")
    return (try? JSONDecoder().decode([Case].self, from: Data(contentsOf: path))) ?? []
  }()

  @Test func allCasesAreThere() { #expect(Self.cases.count == 11) }

  /// The model that is shipped with the programs, converted to single precision, or a synthetic one. (For the int8 file
  /// itself the engine keeps keys and values in half precision, which would show in the logits.)
  private func model(of test: Case, _ instructions: InstructionSet) throws -> Model {
    guard test.name == "shipped" else { return try TestModel.model(test.configuration, instructions: instructions) }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
    let file = try ModelFile(path: root.appendingPathComponent("models/aurl-small.safetensors").path)
    let single = FileManager.default.temporaryDirectory.appendingPathComponent("aurl-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: single) }
    try file.write(to: single.path, precision: .single)
    return try Model(path: single.path, instructions: instructions)
  }

  @Test(arguments: InstructionSet.allCases.filter(\.isSupported), cases)
  func sameAsPyTorch(instructions: InstructionSet, test: Case) throws {
    let model = try model(of: test, instructions)
    let window = TokenWindow(test.tokens, start: KeyboardState(after: test.before))
    let state = DecoderState(model)
    state.reset(window.start)
    if let global = test.global {
      let posterior = model.encode(window)
      let mean = posterior.mean
      expectClose(mean.global, global)
      expectClose(posterior.global.logVariance, test.globalLogVariance)
      expectClose(mean.phrases.flatMap { $0 }, test.phrase)
      expectClose(mean.locals.flatMap { $0 }, test.local)
      let first = posterior.conditionals(given: mean)
      expectClose(first.phrases[0].posterior.logVariance, test.phraseLogVariance)
      expectClose(first.locals[0].posterior.logVariance, test.localLogVariance)
      let logPrior = try #require(model.prior).logDensity(global: mean.global)
      #expect(abs(logPrior - (test.globalLogPrior ?? .nan)) < 1e-4)
      state.use(mean)
    }
    expectClose(state.score(test.tokens), test.logProbabilities)
    state.reset(window.start)
    expectClose(Array(state.prefill([Configuration.Vocabulary.bos] + test.tokens.dropLast())), test.logits)
  }

  /// Compares within 1e-4, the parity required of the engines.
  private func expectClose(_ values: [Float], _ expected: [Float]?, sourceLocation: SourceLocation = #_sourceLocation) {
    guard let expected, expected.count == values.count else {
      Issue.record("\(values.count) values, not \(expected?.count ?? 0)", sourceLocation: sourceLocation)
      return
    }
    let error = zip(values, expected).map { ($0 - $1).magnitude }.max() ?? 0
    #expect(error < 1e-4, sourceLocation: sourceLocation)
  }
}
