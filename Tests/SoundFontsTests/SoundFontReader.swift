/// An independent reader of the file format, which shares no code with the writer.
struct SoundFontReader {
  struct SampleHeader: Equatable {
    var name: String
    var start, end, loopStart, loopEnd, rate: UInt32
    var rootKey: UInt8
    var correction: Int8
    var type: UInt16
  }

  private(set) var chunks: [String: ArraySlice<UInt8>] = [:]
  /// Chunk identifiers in file order.
  private(set) var order: [String] = []

  init(_ bytes: [UInt8]) throws {
    guard bytes.prefix(4).elementsEqual("RIFF".utf8), bytes[8..<12].elementsEqual("sfbk".utf8),
      Self.word(bytes[4...]) == bytes.count - 8
    else { throw Malformed() }
    try read(bytes[12...])
  }

  struct Malformed: Error {}

  private mutating func read(_ bytes: ArraySlice<UInt8>) throws {
    var rest = bytes
    while !rest.isEmpty {
      guard rest.count >= 8 else { throw Malformed() }
      let identifier = String(decoding: rest.prefix(4), as: UTF8.self)
      let size = Self.word(rest.dropFirst(4))
      guard rest.count >= 8 + size else { throw Malformed() }
      let body = rest.dropFirst(8).prefix(size)
      if identifier == "LIST" {
        try read(body.dropFirst(4))
      } else {
        chunks[identifier] = body
        order.append(identifier)
      }
      rest = rest.dropFirst(8 + size + size % 2)
    }
  }

  private static func word(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The records of `size` bytes of a chunk, as arrays.
  func records(_ identifier: String, size: Int) -> [[UInt8]] {
    let body = Array(chunks[identifier] ?? [])
    precondition(body.count.isMultiple(of: size))
    return stride(from: 0, to: body.count, by: size).map { Array(body[$0..<$0 + size]) }
  }

  var frames: [Int16] {
    let body = Array(chunks["smpl"] ?? [])
    return stride(from: 0, to: body.count, by: 2).map {
      Int16(truncatingIfNeeded: Int(body[$0]) | Int(body[$0 + 1]) << 8)
    }
  }

  /// The generators of each zone, as numbers and amounts.
  func zones(_ prefix: String) -> [[(number: Int, amount: Int)]] {
    let bags = records(prefix + "bag", size: 4).map { Int($0[0]) | Int($0[1]) << 8 }
    let generators = records(prefix + "gen", size: 4).map {
      (number: Int($0[0]) | Int($0[1]) << 8, amount: Int($0[2]) | Int($0[3]) << 8)
    }
    return zip(bags, bags.dropFirst()).map { Array(generators[$0..<$1]) }
  }

  var sampleHeaders: [SampleHeader] {
    records("shdr", size: 46).map { record in
      let words = (0..<5).map { UInt32(Self.word(record[(20 + 4 * $0)...])) }
      return SampleHeader(
        name: Self.name(record),
        start: words[0],
        end: words[1],
        loopStart: words[2],
        loopEnd: words[3],
        rate: words[4],
        rootKey: record[40],
        correction: Int8(bitPattern: record[41]),
        type: UInt16(record[44]) | UInt16(record[45]) << 8
      )
    }
  }

  static func name(_ record: [UInt8]) -> String {
    String(decoding: record.prefix(20).prefix { $0 != 0 }, as: UTF8.self)
  }
}
