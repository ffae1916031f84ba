/// One-dimensional integer arrays in NumPy's format (NEP 1, "A Simple File Format for NumPy Arrays").
enum NumPyArray {
  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  static func isRecognized(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

  static func bytes(of values: [UInt16]) -> [UInt8] {
    var header = "{'descr': '<u2', 'fortran_order': False, 'shape': (\(values.count),), }"
    // The data start at a multiple of 64 bytes, after a newline.
    header += String(repeating: " ", count: 63 - (10 + header.utf8.count) % 64) + "\n"
    var bytes = magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
    bytes.reserveCapacity(bytes.count + values.count * 2)
    for value in values {
      bytes.append(UInt8(value & 0xFF))
      bytes.append(UInt8(value >> 8))
    }
    return bytes
  }

  /// The values of an array of little-endian integers, signed or unsigned, of 1, 2, 4 or 8 bytes.
  static func values(of bytes: [UInt8]) throws(TokenFileError) -> [Int] {
    guard bytes.count >= 12 else { throw .unrecognized("the NumPy header is cut short") }
    let lengthBytes = bytes[6] == 1 ? 2 : 4
    let headerStart = 8 + lengthBytes
    let headerLength = number(bytes[8..<headerStart])
    guard headerLength <= 65_536, headerStart + headerLength <= bytes.count else {
      throw .unrecognized("the NumPy header is cut short")
    }
    let header = String(decoding: bytes[headerStart..<headerStart + headerLength], as: UTF8.self)
    guard let type = value(of: "descr", in: header)?.filter({ $0 != "'" && $0 != "\"" }), let size = size(of: type)
    else {
      throw .unrecognized("the NumPy array does not hold whole numbers (little-endian)")
    }
    let shape = value(of: "shape", in: header)?.split(separator: ",").compactMap { word in
      Int(word.filter(\.isNumber))
    }
    guard let count = shape?.first, shape?.count == 1 else {
      throw .unrecognized("the NumPy array must have one dimension")
    }
    let start = headerStart + headerLength
    guard count <= (bytes.count - start) / size else { throw .unrecognized("the NumPy array is cut short") }
    let isSigned = type.dropFirst().first == "i"
    return (0..<count).map { index in
      let raw = number(bytes[start + index * size..<start + (index + 1) * size])
      let unused = 64 - 8 * size
      return isSigned ? (raw << unused) >> unused : raw
    }
  }

  private static func size(of type: String) -> Int? {
    ["u1": 1, "i1": 1, "u2": 2, "i2": 2, "u4": 4, "i4": 4, "u8": 8, "i8": 8][type.dropFirst()].flatMap {
      type.first == "<" || $0 == 1 ? $0 : nil
    }
  }

  /// The text of a value in the header, a Python dictionary; a tuple comes without its parentheses.
  private static func value(of key: String, in header: String) -> String? {
    for quote in ["'", "\""] {
      guard let found = range(of: quote + key + quote, in: header) else { continue }
      let rest = header[found...].drop { $0 == ":" || $0 == " " }
      return rest.first == "("
        ? String(rest.dropFirst().prefix { $0 != ")" })
        : String(rest.prefix { $0 != "," && $0 != "}" }).filter { $0 != " " }
    }
    return nil
  }

  /// The position after a key.
  private static func range(of key: String, in header: String) -> String.Index? {
    var start = header.startIndex
    while start < header.endIndex {
      if header[start...].hasPrefix(key) { return header.index(start, offsetBy: key.count) }
      start = header.index(after: start)
    }
    return nil
  }

  /// A little-endian integer; an unsigned one of eight bytes may become negative.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }
}
