import Files
import FoundationEssentials
import ModelFormat
import TestSupport
import Testing

/// Valid safetensors files that are not valid models.
@Suite struct HostileModelTests {
  typealias Contents = (layouts: [TensorLayout], metadata: [String: String])

  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var change: @Sendable (inout Contents) -> Void

    init(_ says: String, _ change: @escaping @Sendable (inout Contents) -> Void) {
      (testDescription, self.change) = (says, change)
    }

    /// A change to the metadata.
    init(_ key: String, _ value: String?, _ says: String) {
      self.init(says) { $0.metadata[key] = value }
    }

    /// A change to the text of the configuration.
    init(replacing old: String, by new: String, _ says: String) {
      self.init(says) { $0.metadata["configuration"] = $0.metadata["configuration"]?.replacing(old, with: new) }
    }
  }

  private static let metadata = [
    Case("format", nil, "is not a model of Aurl"),
    Case("format", "pt", "is not a model of Aurl"),
    Case("version", nil, "the metadata have no \"version\""),
    Case("version", "1", "the model is of version \"1\" of the format; this program reads 3"),
    Case("vocabulary", nil, "the metadata have no \"vocabulary\""),
    Case(
      "vocabulary", "0123456789abcdef", "the model was made for other tokens (\"0123456789abcdef\", this program has"),
    Case("step", nil, "the metadata have no \"step\""),
    Case("step", "-1", "the step is \"-1\", not a whole number"),
    Case("step", "1e9\n", "the step is \"1e9?\", not a whole number"),
    Case("data", nil, "the metadata have no \"data\""),
    Case("metrics", nil, "the metadata have no \"metrics\""),
    Case("metrics", "[]", "the metrics cannot be read"),
    Case("metrics", "{\"loss\":\"low\"}", "the metrics cannot be read: \"loss\" is of the wrong type"),
    Case("configuration", nil, "the metadata have no \"configuration\""),
    Case("configuration", "", "the configuration cannot be read: it is not JSON"),
    Case("configuration", "{", "the configuration cannot be read: it is not JSON"),
    Case("configuration", "{}", "the configuration cannot be read: \""),
    Case("configuration", String(repeating: "[", count: 100_000), "the configuration cannot be read"),
    Case("configuration", String(repeating: "{\"latents\":", count: 100_000), "the configuration cannot be read"),
  ]

  private static let configurations = [
    Case(replacing: "\"width\":64", by: "\"width\":\"64\"", "cannot be read: \"width\" is of the wrong type"),
    Case(replacing: "\"width\":64", by: "\"width\":64.5", "the configuration cannot be read"),
    Case(replacing: "\"width\":64", by: "\"width\":1e30", "the configuration cannot be read"),
    Case(replacing: "\"width\":64,", by: "", "cannot be read: \"width\" is missing"),
    Case(replacing: "\"local\":4,", by: "", "cannot be read: \"local\" is missing"),
    Case(replacing: "standard", by: "cauchy", "cannot be read: \"latents.prior\" has no value that it can have"),
    Case(
      replacing: "\"width\":64", by: "\"width\":63", "is invalid: width is 63, not a multiple of heads, which is 4"),
    Case(replacing: "\"width\":64", by: "\"width\":64,\"depth\":3", "has the unknown field \"depth\""),
    Case(
      replacing: "\"local\":4", by: "\"local\":4,\"bar\":{}", "has the unknown field \"latents.bar\""),
  ]

  private static let tensors = [
    Case("tensor \"embedding.weight\" is missing") { $0.layouts.removeFirst() },
    Case("tensor \"chart.norm.weight\" is missing") { $0.layouts.removeLast() },
    Case("tensor \"extra\" does not belong to the configuration") {
      $0.layouts.append(TensorLayout("extra", .float32, [1]))
    },
    Case("tensor \"chart.norm.weight.scale\" does not belong to the configuration") {
      $0.layouts.append(TensorLayout("chart.norm.weight.scale", .float32, [32]))
    },
    Case("tensor \"embedding.weight\" has the shape [64, 777], not [777, 64]") {
      $0.layouts[0] = TensorLayout("embedding.weight", .float32, [64, 777])
    },
    Case("tensor \"chart.norm.weight\" has the shape [1, 32], not [32]") {
      $0.layouts[$0.layouts.count - 1] = TensorLayout("chart.norm.weight", .float32, [1, 32])
    },
    Case("tensor \"embedding.weight\" is of F64, not F32, F16, BF16 or, for a matrix, I8") {
      $0.layouts[0] = TensorLayout("embedding.weight", .float64, [777, 64])
    },
    Case("tensor \"chart.norm.weight\" is of I8, not F32") {
      $0.layouts[$0.layouts.count - 1] = TensorLayout("chart.norm.weight", .int8, [32])
    },
    Case("tensor \"embedding.weight.scale\" is missing; embedding.weight is of I8") {
      $0.layouts[0] = TensorLayout("embedding.weight", .int8, [777, 64])
    },
    Case("tensor \"embedding.weight.scale\" is F32 [64], not F32 [777]") {
      $0.layouts[0] = TensorLayout("embedding.weight", .int8, [777, 64])
      $0.layouts.append(TensorLayout("embedding.weight.scale", .float32, [64]))
    },
    Case("tensor \"embedding.weight.scale\" is F16 [777], not F32 [777]") {
      $0.layouts[0] = TensorLayout("embedding.weight", .int8, [777, 64])
      $0.layouts.append(TensorLayout("embedding.weight.scale", .float16, [777]))
    },
  ]

  @Test(arguments: metadata + configurations + tensors) func isRefused(model: Case) throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.safetensors")
    try RandomModel().write(to: path)
    let sound = try ModelFile(path: path)
    var contents = (
      layouts: Configuration.tiny.tensors.map { TensorLayout($0.name, .float32, $0.shape) },
      metadata: sound.file.metadata
    )
    model.change(&contents)
    var writer = try SafetensorsWriter(path: path, tensors: contents.layouts, metadata: contents.metadata)
    for layout in contents.layouts { try writer.write([UInt8](repeating: 0, count: layout.byteCount), to: layout.name) }
    try writer.commit()
    do {
      _ = try ModelFile(path: path)
      Issue.record("it was read")
    } catch {
      #expect(error.path == path)
      #expect(error.message.contains(model.testDescription), "\(error.message)")
      #expect(!error.description.contains("\n") && error.message.count < 300)
    }
  }

  @Test func numbersThatAreNone() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.safetensors")
    var model = RandomModel()
    try model.write(to: path)
    let name = "decoder.blocks.1.feedForward.down.weight"
    let place = try #require(try ModelFile(path: path).file.tensors.first { $0.name == name })
    try place.withUnsafeBytes { bytes in
      // The position of the tensor in the file, found by its content.
      let file = try readBytes(ofFile: path)
      let start = try #require(file.firstRange(of: Array(bytes.prefix(64)))?.lowerBound)
      _ = try folder.write(file[..<start] + [0, 0, 0x80, 0x7F] + file[(start + 4)...], to: "a.safetensors")
    }
    #expect(
      throws: ModelFormatError.content(
        path: path, tensor: name, reason: "is infinite or not a number at element 0")
    ) { try ModelFile(path: path) }

    // Such a model is not written either.
    model.tensors[name]?[7] = .nan
    let reason = "is nan at element 7; such a model is of no use"
    #expect(throws: ModelFormatError.content(path: path, tensor: name, reason: reason)) { try model.write(to: path) }
    model.tensors[name]?[7] = 65_520
    let tooLarge = "is 65520.0 at element 7, too large for half precision"
    #expect(throws: ModelFormatError.content(path: path, tensor: name, reason: tooLarge)) {
      try model.write(to: path, precision: .half)
    }
  }

  /// Values at unaligned addresses, as left by writers that do not pad the header.
  @Test func unalignedValues() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.safetensors")
    try RandomModel().write(to: path)
    let file = try readBytes(ofFile: path)
    let length = file.withUnsafeBytes { Int($0.load(as: UInt64.self)) }
    let shifted = bytes(of: UInt64(length + 1)) + file[8..<8 + length] + [0x20] + file[(8 + length)...]
    let error = ModelFormatError.content(
      path: "a", tensor: "embedding.weight", reason: "does not lie at a multiple of its numbers' size")
    #expect(throws: error) { try ModelFile(file: try SafetensorsFile(bytes: shifted, path: "a")) }
  }

  @Test func unsoundConfigurationsAreNotWritten() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("a.safetensors")
    var metadata = RandomModel().metadata
    metadata.configuration.heads = 3
    #expect(
      throws: ModelFormatError.content(
        path: path, reason: "the configuration is invalid: width is 64, not a multiple of heads, which is 3")
    ) { try ModelWriter(path: path, metadata: metadata).abandon() }
  }
}

extension ModelWriter {
  fileprivate consuming func abandon() {}
}

/// The seeds for fuzzing must be valid; otherwise fuzzing rarely gets past the first check.
@Suite struct FuzzSeedTests {
  @Test(arguments: ["model", "tensors"]) func seedsAreSound(name: String) throws {
    var header = try readBytes(
      ofFile: CommandLineProgram.checkout.appendingPathComponent("Fuzz/seeds/\(name).json").path)
    header += [UInt8](repeating: 0x20, count: -header.count & 7)
    let file = try SafetensorsFile(bytes: image(header, data: name == "model" ? 6890 : 94))
    #expect(file.tensors.count == (name == "model" ? 11 : 14))
    if name == "model" { _ = try ModelFile(file: file) }
  }
}
