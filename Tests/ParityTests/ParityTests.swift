import Foundation
import Inference
import Layers
import ModelFormat
import MusicCore
import MusicFeatures
import Tensors
import TestSupport
import Testing
import VAEGAN
import parity

/// The native engine and libtorch on the same models of random weights. `make parity` compares them on a trained model.
@Suite struct ParityTests {
  static let instructions = InstructionSet.allCases.filter(\.isSupported)
  private let folder: TemporaryFolder

  init() throws {
    try Runtime.setThreadCount(1)
    folder = try TemporaryFolder()
  }

  /// Models that together contain every part of the architecture.
  enum Variant: CaseIterable {
    case standard, mixture, flow, normalized, plain, chartless

    var configuration: Configuration {
      var configuration = Configuration.tiny
      switch self {
      case .standard: break
      case .mixture: configuration.latents?.prior = .mixture
      case .flow: configuration.latents?.prior = .flow
      case .normalized: configuration.latents?.normalizeMeans = true
      case .plain: configuration.latents = nil
      case .chartless: configuration.chart = nil
      }
      return configuration
    }
  }

  /// A file of a model with noise added to all parameters, so that no part of it is zero and without effect.
  private func file(_ variant: Variant, _ precision: ModelWriter.Precision = .single) throws -> String {
    let generator = try Generator(seed: 7)
    let model = try VAE(variant.configuration, generator: generator)
    for tensor in model.parameters.parameters { try tensor.accumulate(generator.normal(tensor.shape), times: 0.05) }
    for tensor in model.parameters.buffers { try tensor.accumulate(generator.uniform(tensor.shape), times: 0.5) }
    let path = folder.path("\(precision).safetensors")
    var writer = try ModelWriter(
      path: path, metadata: ModelMetadata(configuration: variant.configuration), precision: precision)
    let tensors = Dictionary(uniqueKeysWithValues: model.parameters.all.map { ($0.name ?? "", $0) })
    for tensor in variant.configuration.tensors { try writer.write(tensors[tensor.name]?.floats() ?? [], to: tensor) }
    try writer.commit()
    return path
  }

  /// Windows of random tokens: a full one at the start of a piece, and two that begin while notes sound. One of these
  /// ends in the middle of a segment with EOS, the other is a single token. The first two have charts.
  private static let windows: [TokenWindow] = {
    var generator = SeededGenerator(seed: 5)
    func tokens(_ count: Int) -> [UInt16] { (0..<count).map { _ in UInt16.random(in: 0..<774, using: &generator) } }
    return [128, 69, 1].map { length in
      var window = TokenWindow(tokens: tokens(length) + (length == 69 ? [775] : []))
      if length < 128 { for token in [770] + tokens(60) { window.start.apply(token) } }
      if length > 1 { window.chart = chart(seed: UInt64(length)) }
      return window
    }
  }()

  /// Random chords with changes of key, from the start of the stream on, longer than the window of the model of charts.
  private static func chart(seed: UInt64) -> ChordChart {
    var generator = SeededGenerator(seed: seed)
    var time = 30
    return ChordChart(
      (0..<60).map { _ in
        func number(_ range: Range<Int>) -> Int { Int.random(in: range, using: &generator) }
        let (start, length) = (time, number(1..<400))
        time += length + number(0..<3) * 20
        let chord = Chord(
          root: PitchClass(semitones: number(0..<12)), quality: ChordQuality.allCases[number(0..<14)],
          inversion: number(0..<4))
        let key = Key(tonic: PitchClass(semitones: number(0..<12)), isMinor: number(0..<2) == 1)
        return ChordChart.Entry(
          start: TokenTime(rawValue: start), end: TokenTime(rawValue: start + length), chord: chord, key: key,
          place: number(0..<8), halfBeats: number(1..<40), beatsPerBar: 4)
      })
  }

  /// The logits of the model of charts after each token of a chart.
  @Test(arguments: instructions) func charts(instructions: InstructionSet) throws {
    let engines = try Engines(path: file(.standard), instructions: instructions)
    let reader = try #require(ChartReader(engines.native))
    let elements = Array(ChartTokens.elements(of: Self.chart(seed: 3)).prefix(reader.window))
    #expect(elements.count == reader.window)
    let native = elements.flatMap(reader.read)
    let model = try #require(engines.reference.charts)
    func tensor(_ values: [Int]) throws -> Tensor { try Tensor(values.map(Int64.init), [1, values.count]) }
    let reference = try Gradients.unrecorded {
      try model.logits(tensor(elements.map(\.id)), places: tensor(elements.map(\.nextPlace))).floats()
    }
    let difference = zip(native, reference).map { abs($0 - $1) }.max() ?? .infinity
    #expect(difference < 1e-3 && difference > 0 && native.count == reference.count)
  }

  @Test func windowsBeginWhileNotesSound() {
    #expect(Self.windows.map { !$0.start.sounding.isEmpty && $0.start.level != nil } == [false, true, true])
  }

  @Test(arguments: instructions, Variant.allCases)
  func windows(instructions: InstructionSet, variant: Variant) throws {
    let engines = try Engines(path: file(variant), instructions: instructions)
    let generator = try Generator(seed: 1)
    for window in Self.windows {
      let difference = try engines.difference(on: window, using: generator)
      #expect(difference.logits < 1e-3 && difference.latents < 1e-3 && difference.bound < 1e-3, "\(difference)")
      #expect(difference.logits > 0, "identical bits mean that one engine was compared with itself")
    }
  }

  /// libtorch uses the dequantized weights of the file; with int8 weights the native engine also rounds activations.
  @Test(arguments: instructions, [(ModelWriter.Precision.half, 1e-3), (.int8, 2e-2)])
  func precisions(instructions: InstructionSet, precision: (ModelWriter.Precision, limit: Double)) throws {
    for variant in [Variant.standard, .mixture, .flow] {
      let engines = try Engines(path: file(variant, precision.0), instructions: instructions)
      let generator = try Generator(seed: 1)
      for window in Self.windows {
        let difference = try engines.difference(on: window, using: generator)
        #expect(
          difference.logits < precision.limit && difference.latents < precision.limit
            && difference.bound < precision.limit, "\(variant): \(difference)")
      }
    }
  }

  /// The likelihood lost by int8 weights compared with single precision.
  @Test(arguments: instructions, Variant.allCases)
  func natsOfEightBits(instructions: InstructionSet, variant: Variant) throws {
    let nats = try [ModelWriter.Precision.single, .int8].map { precision in
      try Model(path: file(variant, precision), instructions: instructions).natsPerToken(Self.windows)
    }
    #expect(abs(nats[1] / nats[0] - 1) < 0.02 && nats[0] != nats[1], "\(nats)")
  }

  /// Both engines generate the same tokens, far past the attention window and the window of the latents.
  @Test(arguments: instructions, [Variant.standard, .plain])
  func greedyTokens(instructions: InstructionSet, variant: Variant) throws {
    let engines = try Engines(path: file(variant), instructions: instructions)
    let latents = variant == .plain ? [] : [engines.native.encode(Self.windows[0]).mean]
    let difference = try engines.greedyDifference(steps: 2000, latents)
    #expect(difference.disagreements == 0 && difference.logits < 1e-3, "\(difference)")
    var generator = SeededGenerator(seed: 6)
    let tokens = (0..<500).map { _ in UInt16.random(in: 0..<774, using: &generator) }
    let stream = TokenWindow(tokens: tokens, start: Self.windows[1].start)
    #expect(try engines.difference(on: stream, latents).logits < 1e-3)
  }
}
