import ModelFormat

/// Reads an input as a model file, and as the header of one whose tensors are zeros: headers are readable and make good
/// seeds.
func checkModel(_ bytes: [UInt8]) {
  if let file = try? SafetensorsFile(bytes: bytes) { check(file) }
  guard bytes.first == UInt8(ascii: "{") else { return }
  let header = bytes + [UInt8](repeating: 0x20, count: -bytes.count & 7)
  let length = withUnsafeBytes(of: UInt64(header.count).littleEndian, Array.init)
  let data = [UInt8](repeating: 0, count: largestNumber(bytes))
  if let file = try? SafetensorsFile(bytes: length + header + data) { check(file) }
}

/// Every tensor is inside the file, tensors do not overlap, and their numbers can be read.
private func check(_ file: SafetensorsFile) {
  var end: UnsafeRawPointer?
  for tensor in file.tensors {
    tensor.withUnsafeBytes { bytes in
      require(bytes.count == tensor.layout.byteCount, "a tensor has other bytes than its shape")
      require(end == nil || bytes.isEmpty || bytes.baseAddress == end, "a hole or an overlap")
      if let start = bytes.baseAddress { end = start + bytes.count }
    }
    require(file[tensor.name]?.layout == tensor.layout, "a tensor is not found by its name")
    require(tensor.floats.count == tensor.count, "numbers are missing")
  }
  let isFinite = (try? file.verifyFinite()) != nil
  guard let model = try? ModelFile(file: file) else { return }
  require(isFinite, "a model has a number that is not finite")
  require((try? model.configuration.validate()) != nil, "a model is invalid")
  for tensor in model.configuration.tensors {
    require(model.floats(named: tensor.name).allSatisfy(\.isFinite), "a number of a model is none")
  }
}

/// The largest integer in a text, up to 65,536, as a bound of its offsets.
private func largestNumber(_ text: [UInt8]) -> Int {
  var (largest, number) = (0, 0)
  for byte in text {
    number = (0x30...0x39).contains(byte) ? min(number * 10 + Int(byte - 0x30), 1 << 20) : 0
    if number <= 65_536 { largest = max(largest, number) }
  }
  return largest
}
