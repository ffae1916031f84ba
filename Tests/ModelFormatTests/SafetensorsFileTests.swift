import Files
import ModelFormat
import TestSupport
import Testing

@Suite struct SafetensorsFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func everyTypeComesBack() throws {
    let path = folder.path("a.safetensors")
    let layouts = ElementType.allCases.reversed().map { TensorLayout("t.\($0.rawValue)", $0, [3, 2]) }
    let metadata = ["quote\"": "back\\slash", "line": "a\nb\u{1}", "é": "𝄞 ", "": ""]
    var writer = try SafetensorsWriter(path: path, tensors: layouts, metadata: metadata)
    for layout in layouts.shuffled() {
      try writer.write((0..<layout.byteCount).map { UInt8($0 + layout.type.size) }, to: layout.name)
    }
    try writer.commit()
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata == metadata)
    #expect(Set(file.tensors.map(\.layout)) == Set(layouts))
    for tensor in file.tensors {
      #expect(tensor.isAligned)
      #expect(
        tensor.withUnsafeBytes { Array($0) } == (0..<tensor.layout.byteCount).map { UInt8($0 + tensor.type.size) })
      #expect(file[tensor.name]?.layout == tensor.layout)
    }
    #expect(file["none"] == nil)
  }

  /// The data of the file starts at a multiple of the cache line size, whatever the length of the header.
  @Test func theDataStartsAtAMultipleOf64() throws {
    for count in 0..<70 {
      let path = folder.path("\(count).safetensors")
      let name = String(repeating: "n", count: count + 1)
      var writer = try SafetensorsWriter(path: path, tensors: [TensorLayout(name, .float32, [16])])
      try writer.write([Float](repeating: 1, count: 16), to: name)
      try writer.commit()
      let tensor = try #require(try SafetensorsFile(path: path)[name])
      #expect(tensor.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }.isMultiple(of: 64))
      #expect(tensor.floats == [Float](repeating: 1, count: 16))
    }
  }

  @Test func scalarsAndTensorsOfNothing() throws {
    let path = folder.path("a.safetensors")
    let layouts = [
      TensorLayout("none", .float32, [0, 4]), TensorLayout("scalar", .float64, []), TensorLayout("last", .int8, [0]),
    ]
    var writer = try SafetensorsWriter(path: path, tensors: layouts)
    try writer.write([2.5], to: "scalar")
    try writer.write([Float](), to: "none")
    try writer.write([Int8](), to: "last")
    try writer.commit()
    let file = try SafetensorsFile(path: path)
    #expect(file["scalar"]?.floats == [2.5])
    #expect(file["none"]?.floats == [] && file["none"]?.shape == [0, 4])
    #expect(file.metadata.isEmpty)
  }

  @Test func headersOfOtherWriters() throws {
    // JSON white space, entries in another order than their data, fields in any order, every escape.
    let header = """
      { "b\\u00e9\\ud834\\udd1e\\b\\f\\n\\r\\t\\/\\\\\\"": {"data_offsets" : [ 8 , 12 ], "shape": [ ],\t"dtype":"F32"} ,
      \(entry("a")) }\r\n
      """
    #expect(throws: ModelFormatError.self) { try SafetensorsFile(bytes: image(header, data: 12)) }
    let file = try SafetensorsFile(bytes: image(header.replacing("\\b\\f\\n\\r\\t", with: ""), data: 12))
    #expect(file.tensors.map(\.name) == ["a", "bé𝄞/\\\""])
    #expect(file.tensors.map(\.shape) == [[2], []])
  }

  @Test func aViewOutlivesItsFileAndItsName() throws {
    let path = folder.path("a.safetensors")
    let view: TensorView
    do {
      var writer = try SafetensorsWriter(path: path, tensors: [TensorLayout("x", .int32, [1 << 20])])
      try writer.write((0..<(1 << 20)).map { Int32($0) }, to: "x")
      try writer.commit()
      view = try #require(try SafetensorsFile(path: path)["x"])
    }
    // Another file replaces this one while it is mapped.
    var writer = try SafetensorsWriter(path: path, tensors: [TensorLayout("x", .int32, [1])])
    try writer.write([Int32(-1)], to: "x")
    try writer.commit()
    #expect(view.withUnsafeBytes { $0.load(fromByteOffset: 4 << 19, as: Int32.self) } == 1 << 19)
    #expect(try SafetensorsFile(path: path)["x"]?.floats == [-1])
  }

  /// A mapping is removed with its last view: after a thousand mappings of 1 MiB each, no memory is in use.
  @Test func mappingsAreRemoved() throws {
    let path = folder.path("a.safetensors")
    var writer = try SafetensorsWriter(path: path, tensors: [TensorLayout("x", .uint8, [1 << 20])])
    try writer.write([UInt8](repeating: 1, count: 1 << 20), to: "x")
    try writer.commit()
    for _ in 0..<1000 { #expect(try SafetensorsFile(path: path)["x"]?.withUnsafeBytes { $0[77] } == 1) }
    let maps = String(decoding: try readBytes(ofFile: "/proc/self/maps"), as: UTF8.self)
    #expect(!maps.contains(path))
  }

  @Test(
    arguments: [
      (ElementType.float64, bytes(of: Double.infinity.bitPattern)), (.float64, bytes(of: Double.nan.bitPattern)),
      (.float32, bytes(of: (-Float.infinity).bitPattern)), (.float32, bytes(of: Float.signalingNaN.bitPattern)),
      (.float16, [0x00, 0x7C]), (.float16, [0x01, 0xFC]), (.bfloat16, [0x80, 0x7F]), (.bfloat16, [0xC0, 0xFF]),
    ], [0, 1, 1023, 1024, 2999])
  func numbersThatAreNone(bad: (type: ElementType, bytes: [UInt8]), index: Int) throws {
    let count = 3000
    let header = "{\(entry("fine", "I8", "[8]", "[0,8]")),"
    let size = bad.type.size
    var file = image(header + entry("w", bad.type.rawValue, "[\(count)]", "[8,\(8 + count * size)]") + "}")
    // All other values are the largest finite number.
    let largest: [UInt8] =
      switch bad.type {
      case .float64: bytes(of: Double.greatestFiniteMagnitude.bitPattern)
      case .float32: bytes(of: Float.greatestFiniteMagnitude.bitPattern)
      case .float16: [0xFF, 0x7B]
      default: [0x7F, 0x7F]
      }
    file += [UInt8](repeating: 0xFF, count: 8)
    for place in 0..<count { file += place == index ? bad.bytes : largest }
    let read = try SafetensorsFile(bytes: file, path: "a.safetensors")
    let error = ModelFormatError.content(
      path: "a.safetensors", tensor: "w", reason: "is infinite or not a number at element \(index)")
    #expect(throws: error) { try read.verifyFinite() }
    file.replaceSubrange(file.count - (count - index) * size..<file.count - (count - index - 1) * size, with: largest)
    try SafetensorsFile(bytes: file).verifyFinite()
  }
}
