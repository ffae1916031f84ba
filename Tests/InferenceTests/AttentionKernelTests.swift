import CKernels
import Foundation
import TestSupport
import Testing

@Suite struct AttentionKernelTests {
  struct Case: Sendable, CustomStringConvertible {
    var heads: Int
    var headWidth: Int
    /// The number of stored positions, of which the last `count` are queries.
    var stored: Int
    var count: Int
    var window: Int
    var isCausal = true
    var isHalf = false
    var description: String {
      "\(heads) × \(headWidth), \(count) of \(stored), window \(window)\(isCausal ? "" : ", both ways")"
        + (isHalf ? ", half precision" : "")
    }
  }

  static let cases = [false, true].flatMap { isHalf in
    shapes.map { shape in
      var test = shape
      test.isHalf = isHalf
      return test
    }
  }

  private static let shapes = [
    Case(heads: 1, headWidth: 2, stored: 1, count: 1, window: 8),
    Case(heads: 3, headWidth: 6, stored: 40, count: 1, window: 20),
    Case(heads: 8, headWidth: 32, stored: 100, count: 1, window: 64),
    Case(heads: 8, headWidth: 32, stored: 100, count: 11, window: 64),
    Case(heads: 4, headWidth: 16, stored: 17, count: 17, window: 64),
    Case(heads: 5, headWidth: 48, stored: 211, count: 9, window: 33),
    Case(heads: 2, headWidth: 40, stored: 30, count: 30, window: 64, isCausal: false),
  ]

  /// The keys and values of all positions, rounded as the cache rounds them, and a cache that holds the last of them.
  final class Memory {
    let cache: AurlCache
    let keys: [[Float]]
    let values: [[Float]]

    init(_ test: Case, _ kernels: KernelTable, using generator: inout SeededGenerator) {
      let width = test.heads * test.headWidth
      let keys = (0..<test.stored).map { _ in generator.floats(width) }
      let values = (0..<test.stored).map { _ in generator.floats(width) }
      self.keys = keys.map { $0.map { test.isHalf ? Float(Float16($0)) : $0 } }
      self.values = values.map { $0.map { test.isHalf ? Float(Float16($0)) : $0 } }
      let blocks = (test.window + test.count + 15) / 16
      let stride = (test.headWidth + 15) & -16
      let size = test.isHalf ? 2 : 4
      // Places that were never stored must not count. All bits set is NaN in either precision.
      func places(_ width: Int) -> UnsafeMutableRawPointer {
        let byteCount = test.heads * blocks * 16 * width * size
        let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0xFF, count: byteCount)
        return memory
      }
      cache = AurlCache(
        element: test.isHalf ? AurlFloat16 : AurlFloat32, keys: places(test.headWidth), values: places(stride),
        heads: Int32(test.heads), headWidth: Int32(test.headWidth), valueStride: Int32(stride), blocks: Int32(blocks))
      withUnsafePointer(to: cache) { cache in
        for position in 0..<test.stored {
          kernels.table.append(cache, Int64(position), keys[position], values[position])
        }
      }
    }

    deinit {
      cache.keys.deallocate()
      cache.values.deallocate()
    }
  }

  static func attend(_ kernels: KernelTable, _ test: Case, _ cache: AurlCache, _ queries: [Float], from: Int) -> [Float]
  {
    let width = test.heads * test.headWidth
    let count = queries.count / width
    var y = [Float](repeating: .nan, count: queries.count)
    let scratch = UnsafeMutableRawPointer.allocate(
      byteCount: aurl_attention_scratch(Int(cache.blocks)), alignment: 4)
    defer { scratch.deallocate() }
    let last = test.isCausal ? test.stored - test.count + from : test.stored - 1
    let span = AurlSpan(first: 0, last: Int64(last), advance: test.isCausal ? 1 : 0, window: Int64(test.window))
    withUnsafePointer(to: cache) { kernels.table.attention($0, queries, width, &y, width, count, span, scratch) }
    return y
  }

  /// Attention by its definition, in double precision.
  static func expected(_ test: Case, _ memory: Memory, _ query: ArraySlice<Float>, last: Int, head: Int) -> [Double] {
    let first = max(0, last - test.window + 1)
    let columns = head * test.headWidth..<(head + 1) * test.headWidth
    let scores = (first...last).map { position in
      zip(
        query[query.startIndex + columns.lowerBound..<query.startIndex + columns.upperBound],
        memory.keys[position][columns]
      )
      .reduce(0) { $0 + Double($1.0) * Double($1.1) } / Double(test.headWidth).squareRoot()
    }
    let weights = scores.map { exp($0) }
    let total = weights.reduce(0, +)
    return columns.map { column in
      zip(first...last, weights).reduce(0) { $0 + Double(memory.values[$1.0][column]) * $1.1 } / total
    }
  }

  @Test(arguments: KernelTable.all, cases)
  func definition(kernels: KernelTable, test: Case) {
    var generator = SeededGenerator(seed: 4)
    let memory = Memory(test, kernels, using: &generator)
    let width = test.heads * test.headWidth
    let queries = generator.floats(test.count * width, in: -4...4)
    let y = Self.attend(kernels, test, memory.cache, queries, from: 0)
    for t in 0..<test.count {
      let last = test.isCausal ? test.stored - test.count + t : test.stored - 1
      for head in 0..<test.heads {
        let row = queries[t * width..<(t + 1) * width]
        for (index, value) in Self.expected(test, memory, row, last: last, head: head).enumerated() {
          #expect(abs(Double(y[t * width + head * test.headWidth + index]) - value) < 1e-5, "query \(t) head \(head)")
        }
      }
    }
  }

  /// The result of a query has the same bits alone and together with others.
  @Test(arguments: KernelTable.all, cases)
  func bitsDoNotDependOnTheCount(kernels: KernelTable, test: Case) {
    var generator = SeededGenerator(seed: 5)
    let memory = Memory(test, kernels, using: &generator)
    let width = test.heads * test.headWidth
    let queries = generator.floats(test.count * width)
    let together = Self.attend(kernels, test, memory.cache, queries, from: 0)
    for t in 0..<test.count {
      let alone = Self.attend(kernels, test, memory.cache, Array(queries[t * width..<(t + 1) * width]), from: t)
      #expect(alone.elementsEqual(together[t * width..<(t + 1) * width]), "query \(t)")
    }
  }

  /// Every half-precision number, values between two neighbors, and values that are too small, too large or NaN.
  @Test(arguments: KernelTable.all)
  func numbersAreRoundedToTheNearest(kernels: KernelTable) {
    let halves = (0...UInt16.max).map { Float16(bitPattern: $0) }.filter(\.isFinite)
    let between = halves.flatMap { half in
      let middle = Float(half) + Float(half.ulp) / 2
      return [middle.nextDown, middle, middle.nextUp]
    }
    let others = [65519.99, 65520, 1e38, .infinity, .nan, 0x1p-25, 0x1p-149].flatMap { [$0, -$0] as [Float] }
    let numbers = halves.map(Float.init) + between + others
    // One head that is so wide that one position holds all values, both as its key and as its value.
    var keys = [UInt16](repeating: 0, count: numbers.count * 16)
    var values = [UInt16](repeating: 0, count: numbers.count * 16)
    let position = 3
    keys.withUnsafeMutableBytes { keys in
      values.withUnsafeMutableBytes { values in
        guard let keys = keys.baseAddress, let values = values.baseAddress else { return }
        let width = Int32(numbers.count)
        let cache = AurlCache(
          element: AurlFloat16, keys: keys, values: values, heads: 1, headWidth: width, valueStride: width, blocks: 1)
        withUnsafePointer(to: cache) { kernels.table.append($0, Int64(position), numbers, numbers) }
      }
    }
    let wrong = numbers.indices.filter { index in
      let expected = Float16(numbers[index])
      return [keys[index * 16 + position], values[position * numbers.count + index]].contains { bits in
        expected.isNaN ? !Float16(bitPattern: bits).isNaN : bits != expected.bitPattern
      }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5).map { numbers[$0] })")
  }
}
