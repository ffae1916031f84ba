import Foundation
import ModelFormat
import TestSupport
import Testing

@Suite struct CriticFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static func values(_ tensor: TensorDescription) -> [Float] {
    (0..<tensor.count).map { Float(($0 * 37) % 101) / 50 - 1 }
  }

  private func write(
    _ precision: ModelWriter.Precision = .single, _ change: (inout CriticMetadata) -> Void = { _ in }
  ) throws -> String {
    var metadata = CriticMetadata(
      configuration: .tiny, calibration: CriticCalibration(local: .init(slope: 2, offset: -1)), dataHash: "d",
      modelHash: "m", step: 9, metrics: ["x": 0.5, "y": .nan])
    change(&metadata)
    let path = folder.path("critic.safetensors")
    var writer = try ModelWriter(path: path, critic: metadata, precision: precision)
    for tensor in metadata.configuration.tensors { try writer.write(Self.values(tensor), to: tensor) }
    try writer.commit()
    return path
  }

  @Test func whatIsWrittenIsRead() throws {
    let file = try CriticFile(path: write())
    #expect(file.metadata.calibration.local == .init(slope: 2, offset: -1))
    #expect(file.metadata.dataHash == "d" && file.metadata.modelHash == "m" && file.metadata.step == 9)
    #expect(file.metadata.metrics == ["x": 0.5])
    for tensor in file.descriptions {
      #expect(file.floats(named: tensor.name) == Self.values(tensor), "\(tensor.name)")
    }
  }

  /// The shipped critic has at most 2 MB.
  @Test func eightBitsAreWithinTheirBound() throws {
    let file = try CriticFile(path: write(.int8))
    for tensor in file.descriptions {
      let difference = zip(file.floats(named: tensor.name), Self.values(tensor)).map { abs($0 - $1) }.max() ?? 1
      #expect(difference <= 1 / 254 + 1e-6)
    }
    let bytes = CriticConfiguration().tensors.reduce(0) { $0 + $1.count }
    #expect(bytes < 2_000_000)
  }

  @Test func aModelIsNotACriticNorACriticAModel() throws {
    let model = folder.path("model.safetensors")
    try SyntheticModel().write(to: model)
    let error = #expect(throws: ModelFormatError.self) { try CriticFile(path: model) }
    #expect(error?.message.contains("not a critic") == true)
    #expect(throws: ModelFormatError.self) { try ModelFile(path: write()) }
  }

  @Test func impossibleConfigurationsAreRefused() throws {
    for (width, heads) in [(30, 2), (32, 3), (32, 0)] {
      #expect(throws: ModelFormatError.self) {
        try write {
          $0.configuration.width = width
          $0.configuration.heads = heads
        }
      }
    }
    #expect(throws: ModelFormatError.self) { try write { $0.configuration.windows.phrase = 12 } }
  }
}

@Suite struct CriticCalibrationTests {
  /// Calibration recovers known odds.
  @Test func theLineFindsTheOdds() {
    var generator = SeededGenerator(seed: 1)
    // Normal scores x with means ±1 and deviation 1 have log odds 2x; for scores y = 5x + 3 these are 2 (y − 3) / 5.
    func normal() -> Double {
      (-2 * Double.random(in: 1e-9..<1, using: &generator).logarithm).squareRoot()
        * Double.random(in: 0..<2 * .pi, using: &generator).cosine
    }
    let real = (0..<4000).map { _ in 5 * (normal() + 1) + 3 }
    let fake = (0..<9000).map { _ in 5 * (normal() - 1) + 3 }
    let line = CriticCalibration.Line(real: real, fake: fake)
    #expect(abs(line.slope - 0.4) < 0.02 && abs(line.offset + 1.2) < 0.1, "\(line)")
  }

  @Test func setsThatDoNotOverlapHaveAFiniteLine() {
    let line = CriticCalibration.Line(real: [5, 6, 7], fake: [-5, -6])
    #expect(line.slope.isFinite && line.slope > 0 && line(6) > 0 && line(-6) < 0)
    let same = CriticCalibration.Line(real: [1, 1], fake: [1, 1])
    #expect(same.slope.isFinite && abs(same(1)) < 0.5)
  }

  @Test func scalesWithoutMusicDoNotCount() {
    let calibration = CriticCalibration(local: .init(slope: 2, offset: 0), phrase: .init(slope: 1, offset: 1))
    func combined(_ phrase: Double?, _ local: Double) -> Double {
      calibration.combined(PerLevel(global: nil, phrase: phrase, local: local)) ?? .nan
    }
    #expect(abs(combined(nil, 3) - 6) < 1e-9)
    #expect(abs(combined(1, 3) - 4) < 1e-9)
    #expect(calibration.combined(PerLevel(global: nil, phrase: nil, local: nil)) == nil)
  }
}

extension Double {
  fileprivate var logarithm: Double { Foundation.log(self) }
  fileprivate var cosine: Double { Foundation.cos(self) }
}
