extension SafetensorsHeader {
  /// The alignment of the data: a cache line, a multiple of the 8 bytes that the format requires.
  private static let alignment = 64

  /// Lays out tensors contiguously, larger element types first, so that each is aligned to its element size; otherwise
  /// in the order given.
  init(layouts: [TensorLayout], metadata: [String: String]) {
    self.metadata = metadata
    entries = []
    var end = 0
    for size in [8, 4, 2, 1] {
      for layout in layouts where layout.type.size == size {
        entries.append(Entry(layout: layout, range: end..<end + layout.byteCount))
        end += layout.byteCount
      }
    }
    dataStart = 0
    dataStart = 8 + text.utf8.count
    dataStart += (Self.alignment - dataStart % Self.alignment) % Self.alignment
  }

  /// The bytes of the file before the data.
  var bytes: [UInt8] {
    var bytes = withUnsafeBytes(of: UInt64(dataStart - 8).littleEndian, Array.init)
    bytes += text.utf8
    bytes += repeatElement(0x20, count: dataStart - bytes.count)
    return bytes
  }

  private var text: String {
    var members: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(json($0.key)):\(json($0.value))" }
      members.append("\(json(Self.metadataName)):{\(pairs.joined(separator: ","))}")
    }
    for entry in entries {
      let shape = entry.layout.shape.map(String.init).joined(separator: ",")
      members.append(
        """
        \(json(entry.layout.name)):{"dtype":"\(entry.layout.type.rawValue)","shape":[\(shape)],\
        "data_offsets":[\(entry.range.lowerBound),\(entry.range.upperBound)]}
        """)
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// Encodes a text as a JSON string.
private func json(_ text: String) -> String {
  guard text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) else {
    return "\"\(text)\""
  }
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case ..<" ":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
