/// A safetensors file built by hand, so that it can be invalid.
func image(_ header: String, data: Int = 0) -> [UInt8] { image(Array(header.utf8), data: data) }

func image(_ header: [UInt8], data: Int = 0) -> [UInt8] {
  bytes(of: UInt64(header.count)) + header + [UInt8](repeating: 0, count: data)
}

/// The bytes of a number in a file.
func bytes(of value: some FixedWidthInteger) -> [UInt8] { withUnsafeBytes(of: value.littleEndian, Array.init) }

/// The entry of a tensor in the header.
func entry(_ name: String, _ type: String = "F32", _ shape: String = "[2]", _ offsets: String = "[0,8]") -> String {
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":\(offsets)}"
}
