import Files
import ModelFormat
import TestSupport
import Testing

/// Interoperability with Python: each side reads what the other writes.
@Suite(.enabled(if: PythonPackage.shared != nil, "Python's safetensors package is missing and cannot be installed"))
struct PythonTests {
  let folder: TemporaryFolder
  let python: PythonPackage

  init() throws {
    folder = try TemporaryFolder()
    python = try #require(PythonPackage.shared)
  }

  /// The name, type, shape and bytes of each tensor, and the metadata, as read by Python.
  private func reading(_ path: String) throws -> [String: String] {
    let program = """
      import safetensors, sys
      from safetensors import safe_open
      for name, tensor in safetensors.deserialize(open(sys.argv[1], "rb").read()):
          print(name, tensor["dtype"], *tensor["shape"], bytes(tensor["data"]).hex(), sep="\\t")
      with safe_open(sys.argv[1], "numpy") as file:
          for key, value in (file.metadata() or {}).items(): print("metadata " + key, value, sep="\\t")
      """
    let result = try python.run(program, path)
    #expect(result.status == 0, "\(result.errors)")
    var lines: [String: String] = [:]
    for line in result.text.split(separator: "\n") {
      let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
      lines[String(fields[0])] = String(fields[1])
    }
    return lines
  }

  @Test(arguments: ModelWriter.Precision.allCases) func readsOurModels(precision: ModelWriter.Precision) throws {
    let path = folder.path("a.safetensors")
    try RandomModel().write(to: path, precision: precision)
    let model = try ModelFile(path: path)
    let read = try reading(path)
    for tensor in model.file.tensors {
      let fields = [tensor.type.rawValue] + tensor.shape.map(String.init) + [tensor.withUnsafeBytes { hexadecimal($0) }]
      #expect(read[tensor.name] == fields.joined(separator: "\t"), "\(tensor.name)")
    }
    for (key, value) in model.file.metadata { #expect(read["metadata " + key] == value) }
    #expect(read.count == model.file.tensors.count + model.file.metadata.count)
  }

  @Test func readsOurTypesAndText() throws {
    let path = folder.path("a.safetensors")
    let layouts = ElementType.allCases.map { TensorLayout("\\\"é𝄞 \($0.rawValue)", $0, [2, 1]) }
    var writer = try SafetensorsWriter(path: path, tensors: layouts, metadata: ["a\"\\é": "𝄞\u{1}\\n"])
    for layout in layouts { try writer.write([UInt8](repeating: 1, count: layout.byteCount), to: layout.name) }
    try writer.commit()
    let read = try reading(path)
    for layout in layouts {
      let ones = String(repeating: "01", count: layout.byteCount)
      #expect(read[layout.name] == "\(layout.type.rawValue)\t2\t1\t\(ones)")
    }
    #expect(read["metadata a\"\\é"] == "𝄞\u{1}\\n")
  }

  @Test func weReadWhatItWrites() throws {
    let path = folder.path("a.safetensors")
    let program = """
      import numpy, sys
      from safetensors.numpy import save_file
      types = ["float64", "float32", "float16", "int64", "uint64", "int32", "uint32", "int16", "uint16", "int8", "uint8"]
      tensors = {t: numpy.arange(6).astype(t).reshape(2, 3) for t in types}
      tensors["bool"] = numpy.array([[False, True, True]])
      tensors["scalar"] = numpy.array(2.5)
      tensors["none"] = numpy.zeros((0, 4), "float32")
      tensors["line\\u00e9\\""] = numpy.array([0.1, -65504, 6e-8], "float16")
      save_file(tensors, sys.argv[1], {"text": "a\\nb\\\\", "\\u00e9": ""})
      """
    let result = try python.run(program, path)
    #expect(result.status == 0, "\(result.errors)")
    let file = try SafetensorsFile(path: path)
    try file.verifyFinite()
    #expect(file.metadata == ["text": "a\nb\\", "é": ""])
    let types: [String: ElementType] = [
      "float64": .float64, "float32": .float32, "float16": .float16, "int64": .int64, "uint64": .uint64,
      "int32": .int32,
      "uint32": .uint32, "int16": .int16, "uint16": .uint16, "int8": .int8, "uint8": .uint8,
    ]
    for (name, type) in types {
      let tensor = try #require(file[name])
      #expect(
        tensor.type == type && tensor.shape == [2, 3] && tensor.floats == [0, 1, 2, 3, 4, 5] && tensor.isAligned)
    }
    #expect(file["bool"]?.type == .bool && file["bool"]?.floats == [0, 1, 1])
    #expect(file["scalar"]?.shape == [] && file["scalar"]?.floats == [2.5])
    #expect(file["none"]?.shape == [0, 4])
    #expect(file["lineé\""]?.floats == [Float(Float16(0.1)), -65504, Float(Float16(6e-8))])
    #expect(file.tensors.count == types.count + 4)
  }

  /// A model that was read and written by Python is still a valid model.
  @Test(arguments: ModelWriter.Precision.allCases) func aModelThroughPython(precision: ModelWriter.Precision) throws {
    let (path, other) = (folder.path("a.safetensors"), folder.path("b.safetensors"))
    try RandomModel().write(to: path, precision: precision)
    let program = """
      import sys
      from safetensors import safe_open
      from safetensors.numpy import save_file
      with safe_open(sys.argv[1], "numpy") as file:
          save_file({name: file.get_tensor(name) for name in file.keys()}, sys.argv[2], file.metadata())
      """
    let result = try python.run(program, path, other)
    #expect(result.status == 0, "\(result.errors)")
    let (before, after) = (try ModelFile(path: path), try ModelFile(path: other))
    #expect(after.metadata == before.metadata)
    for tensor in Configuration.tiny.tensors {
      #expect(after.floats(named: tensor.name) == before.floats(named: tensor.name))
    }
  }
}

private func hexadecimal(_ bytes: UnsafeRawBufferPointer) -> String {
  let digits = Array("0123456789abcdef".utf8)
  return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}
