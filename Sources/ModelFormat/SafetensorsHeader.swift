/// The header of a safetensors file: its tensors with their offsets, and its metadata.
///
/// The format (Hugging Face, "safetensors: Format"): eight bytes of length, little-endian; this many bytes of JSON,
/// `{"__metadata__": {text: text}, name: {"dtype": …, "shape": […], "data_offsets": [begin, end]}}`, which may end in
/// spaces; the numbers of the tensors without gaps.
struct SafetensorsHeader {
  /// In the order of the file.
  var entries: [Entry]
  var metadata: [String: String]
  /// The offset of the data in the file.
  var dataStart: Int

  struct Entry {
    var layout: TensorLayout
    /// The byte range relative to the start of the data.
    var range: Range<Int>
  }

  /// The longest header that the format allows.
  static let longest = 100_000_000
  static let metadataName = "__metadata__"
  /// The maximum number of dimensions.
  private static let mostDimensions = 32

  /// Reads and validates the header of an untrusted file. O(n log n).
  init(file: UnsafeRawBufferPointer) throws(Flaw) {
    guard file.count >= 8 else { throw Flaw("the file has \(file.count) bytes, too few for a safetensors file") }
    let length = file.loadUnaligned(as: UInt64.self)
    guard length <= Self.longest else {
      throw Flaw("the header is said to have \(length) bytes, more than the \(Self.longest) of a safetensors file")
    }
    guard length <= file.count - 8 else {
      throw Flaw("the header is said to have \(length) bytes, but the file ends after \(file.count - 8)")
    }
    dataStart = 8 + Int(length)
    (entries, metadata) = ([], [:])
    let text = UnsafeRawBufferPointer(rebasing: file[8..<dataStart])
    guard text.first == UInt8(ascii: "{") else { throw Flaw("the header does not begin with \"{\"") }
    try parse(text)
    try verifyPlaces(dataCount: file.count - dataStart)
  }

  private mutating func parse(_ text: UnsafeRawBufferPointer) throws(Flaw) {
    var scanner = HeaderScanner(text)
    var entries: [Entry] = []
    var metadata: [String: String] = [:]
    try scanner.object("the header") { (scanner, name) throws(Flaw) in
      if name == Self.metadataName {
        try scanner.object("the metadata") { (scanner, key) throws(Flaw) in
          metadata[key] = try scanner.string("text as metadata \(quoted(key))")
        }
      } else {
        do throws(Flaw) {
          entries.append(try Self.entry(name, &scanner))
        } catch { throw Flaw(error.reason, tensor: name) }
      }
    }
    try scanner.end()
    (self.entries, self.metadata) = (entries, metadata)
  }

  private static func entry(_ name: String, _ scanner: inout HeaderScanner) throws(Flaw) -> Entry {
    guard !name.isEmpty, !name.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
      throw Flaw("has a name that is empty or has control characters")
    }
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object("its entry") { (scanner, field) throws(Flaw) in
      switch field {
      case "dtype":
        let name = try scanner.string("a dtype")
        type = ElementType(rawValue: name)
        if type == nil { throw Flaw("has the dtype \(quoted(name)), which is not read here") }
      case "shape": shape = try counts("a dimension", most: mostDimensions, &scanner)
      case "data_offsets": offsets = try counts("an offset", most: 2, &scanner)
      default: throw Flaw("has a field \(quoted(field)), which the format does not have")
      }
    }
    guard let type else { throw Flaw("has no dtype") }
    guard let shape else { throw Flaw("has no shape") }
    guard let offsets else { throw Flaw("has no data_offsets") }
    guard offsets.count == 2 else { throw Flaw("has \(offsets.count) data_offsets, not 2") }
    guard offsets[0] <= offsets[1] else {
      throw Flaw("ends at byte \(offsets[1]) of the data, before its start at \(offsets[0])")
    }
    guard let needed = TensorLayout.byteCount(shape, type) else { throw Flaw("has the shape \(shape), too large") }
    guard needed == offsets[1] - offsets[0] else {
      throw Flaw("has \(offsets[1] - offsets[0]) bytes, but \(type.rawValue) \(shape) needs \(needed)")
    }
    return Entry(layout: TensorLayout(name, type, shape), range: offsets[0]..<offsets[1])
  }

  private static func counts(
    _ what: String, most: Int, _ scanner: inout HeaderScanner
  ) throws(Flaw) -> [Int] {
    var counts: [Int] = []
    try scanner.array("a list of numbers") { (scanner) throws(Flaw) in
      guard counts.count < most else { throw Flaw("has \(what) too many: there are at most \(most)") }
      counts.append(try scanner.count("\(what), a whole number from 0 up,"))
    }
    return counts
  }

  /// Sorts the tensors by offset, and checks that they cover the data without gaps or overlaps.
  private mutating func verifyPlaces(dataCount: Int) throws(Flaw) {
    entries.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }
    var end = 0
    for (index, entry) in entries.enumerated() {
      let name = entry.layout.name
      guard entry.range.upperBound <= dataCount else {
        throw Flaw("ends at byte \(entry.range.upperBound) of the data, which has \(dataCount)", tensor: name)
      }
      guard entry.range.lowerBound <= end else {
        throw Flaw("starts at byte \(entry.range.lowerBound) of the data, after a hole from byte \(end)", tensor: name)
      }
      guard entry.range.lowerBound == end else {
        throw Flaw("overlaps tensor \(quoted(entries[index - 1].layout.name))", tensor: name)
      }
      end = entry.range.upperBound
    }
    guard end == dataCount else { throw Flaw("\(dataCount - end) bytes follow the last tensor") }
  }
}
