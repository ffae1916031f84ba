import Foundation
import Layers
import ModelFormat
import Tensors
import TestSupport
import Testing
import Training
import VAEGAN

@Suite struct ExportTests {
  private let folder: TemporaryFolder
  /// A run whose parameters differ from their moving averages.
  private let run: TrainingRun

  init() throws {
    folder = try TemporaryFolder()
    var settings = Settings()
    settings.model = try #require(Settings.Model(preset: "tiny"))
    settings.batch.windows = 2
    settings.length.steps = 4
    settings.optimizer.warmUpSteps = 0
    settings.evaluation.windows = 2
    settings.run.threads = 1
    settings.run.output = folder.path("run")
    run = try TrainingRun(settings, on: TrainingData().dataset, resuming: false)
    _ = try run.train { _ in }
  }

  private func export(_ arguments: String...) throws -> CommandLineProgram.Result {
    try CommandLineProgram.run("aurl-train", ["export"] + arguments)
  }

  @Test func theFileHasTheAveragesAndTheMetricsAndNoState() throws {
    let output = folder.path("model.safetensors")
    let result = try export(run.folder.path, "-o", output, "--type", "float32")
    #expect(result.status == 0, "\(result.errors)")
    let (best, model) = (try ModelFile(path: run.folder.best), try ModelFile(path: output))
    #expect(model.metadata.pair == nil && best.metadata.pair != nil)
    #expect(model.metadata.metrics == best.metadata.metrics && model.metadata.metrics["valid.natsPerToken"] != nil)
    #expect(model.metadata.dataHash == best.metadata.dataHash && model.metadata.step == 4)
    #expect(model.file.tensors.map(\.name).sorted() == model.configuration.tensors.map(\.name).sorted())
    for tensor in model.configuration.tensors {
      #expect(model.floats(named: tensor.name) == best.floats(named: tensor.name))
    }
    // The parameters of the last step differ.
    let last = run.model.parameters.parameters[0]
    #expect(try last.floats() != model.floats(named: last.name ?? ""))
    #expect(throws: ModelFormatError.self) { try TrainingState(of: model) }
  }

  @Test(arguments: [("float32", 1.0), ("float16", 0.55), ("int8", 0.35)])
  func sizes(type: String, share: Double) throws {
    let output = folder.path("model.safetensors")
    #expect(try export(run.folder.last, "-o", output, "--type", type).status == 0)
    let file = try ModelFile(path: output)
    let bytes = file.file.tensors.reduce(0) { $0 + $1.layout.byteCount }
    let numbers = file.configuration.tensors.reduce(0) { $0 + $1.count }
    #expect(Double(bytes) <= share * 4 * Double(numbers))
    #expect(
      file.tensor(named: "embedding.weight").type == ["float32": .float32, "float16": .float16, "int8": .int8][type])
  }

  @Test func aCheckpointIsNotOverwritten() throws {
    for path in [run.folder.last, TrainingState.path(besideModel: run.folder.last)] {
      let before = try Data(contentsOf: URL(fileURLWithPath: path))
      let result = try export(run.folder.best, "-o", path)
      #expect(result.status == 73 && result.errors.contains("\(path): is part of a checkpoint"), "\(result.errors)")
      #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }
    let output = folder.path("model.safetensors")
    for _ in 0..<2 { #expect(try export(run.folder.last, "-o", output).status == 0, "an export is replaced") }
    let own = try export(output, "-o", output)
    #expect(own.status == 73 && own.errors.contains("is one of the files that are read"), "\(own.errors)")
  }

  @Test func theMeanOfSeveralModels() throws {
    let models = [try ModelFile(path: run.folder.best), try ModelFile(path: run.folder.last)]
    var other = models[1].metadata
    other.dataHash = "another"
    // The second model has other parameters, and was trained on other data.
    let shifted = folder.path("shifted.safetensors")
    var writer = try ModelWriter(path: shifted, metadata: other)
    for tensor in models[1].descriptions {
      try writer.write(models[1].floats(named: tensor.name).map { $0 + 3 }, to: tensor)
    }
    try writer.commit()

    let output = folder.path("mean.safetensors")
    let result = try export(run.folder.path, shifted, run.folder.path, "-o", output, "--type", "float32")
    #expect(result.status == 0, "\(result.errors)")
    let mean = try ModelFile(path: output)
    for tensor in mean.descriptions {
      let (first, second) = (models[0].floats(named: tensor.name), models[1].floats(named: tensor.name))
      for (value, (a, b)) in zip(mean.floats(named: tensor.name), zip(first, second)) {
        #expect(abs(value - (2 * a + b + 3) / 3) < 1e-5)
      }
    }
    #expect(mean.metadata.metrics.isEmpty && mean.metadata.dataHash.isEmpty && mean.metadata.pair == nil)

    let small = try export(run.folder.path, run.folder.last, "-o", output)
    #expect(small.status == 0, "\(small.errors)")
    let same = try ModelFile(path: output).metadata
    #expect(same.dataHash == models[0].metadata.dataHash && !same.dataHash.isEmpty)
  }

  @Test func onlyModelsOfOneShapeHaveAMean() throws {
    var configuration = try ModelFile(path: run.folder.best).configuration
    configuration.decoderLayers += 1
    let deeper = folder.path("deeper.safetensors")
    var writer = try ModelWriter(path: deeper, metadata: ModelMetadata(configuration: configuration))
    for tensor in configuration.tensors { try writer.write([Float](repeating: 0, count: tensor.count), to: tensor) }
    try writer.commit()
    let result = try export(run.folder.best, deeper, "-o", folder.path("mean.safetensors"))
    #expect(
      result.status == 65 && result.errors.contains("deeper.safetensors: has another configuration"), "\(result.errors)"
    )
    #expect(!FileManager.default.fileExists(atPath: folder.path("mean.safetensors")))
  }

  @Test func badInput() throws {
    #expect(try export(folder.path("none"), "-o", folder.path("a")).status == 66)
    #expect(try export(run.folder.last, "-o", folder.path("none/a")).status == 73)
    #expect(try export(run.folder.last, "-o", folder.path("a"), "--type", "int4").status == 64)
  }
}
