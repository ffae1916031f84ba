internal import CKernels

/// The kernels of an instruction set; callers provide scratch memory.
struct Kernels: @unchecked Sendable {
  // Sendable: the table is constant.
  private let table: UnsafePointer<AurlKernels>

  /// - Precondition: The processor supports these instructions.
  init(_ instructions: InstructionSet) {
    guard let table = instructions.table else {
      preconditionFailure("this machine has no \(instructions) instructions")
    }
    self.table = table
  }

  /// y[t] = W x[t] for `count` rows, or y[t] += W x[t]. `xStride` and `yStride` are the distances between rows, in
  /// numbers.
  @inline(__always)
  func linear(
    _ matrix: AurlMatrix, _ x: UnsafePointer<Float>, stride xStride: Int, into y: UnsafeMutablePointer<Float>,
    stride yStride: Int, count: Int = 1, accumulates: Bool = false, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: matrix) { table.pointee.linear($0, x, xStride, y, yStride, count, accumulates, scratch) }
  }

  /// Writes the key and value of a position to a cache.
  @inline(__always)
  func append(_ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, at position: Int, in cache: AurlCache) {
    withUnsafePointer(to: cache) { table.pointee.append($0, Int64(position), key, value) }
  }

  /// Attention of `count` queries, with rows `stride` numbers apart, over the keys of a span.
  @inline(__always)
  func attention(
    _ cache: AurlCache, _ queries: UnsafePointer<Float>, stride: Int, into y: UnsafeMutablePointer<Float>,
    stride yStride: Int, count: Int, span: AurlSpan, scratch: UnsafeMutableRawPointer
  ) {
    withUnsafePointer(to: cache) { table.pointee.attention($0, queries, stride, y, yStride, count, span, scratch) }
  }

  @inline(__always)
  func rmsNorm(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>, width: Int, count: Int
  ) { table.pointee.rmsNorm(x, weight, y, width, count) }

  @inline(__always)
  func rotate(
    _ x: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>, heads: Int,
    headWidth: Int
  ) { table.pointee.rotate(x, cosines, sines, heads, headWidth) }

  @inline(__always)
  func gelu(_ x: UnsafeMutablePointer<Float>, count: Int) { table.pointee.gelu(x, count) }

  @inline(__always)
  func add(_ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, count: Int) { table.pointee.add(y, x, count) }

  @inline(__always)
  func dequantize(
    _ element: AurlElement, _ row: UnsafeRawPointer, scale: Float, into y: UnsafeMutablePointer<Float>, count: Int
  ) { table.pointee.dequantize(element, row, scale, y, count) }

  @inline(__always)
  func logSumExp(_ x: UnsafePointer<Float>, count: Int) -> Float { table.pointee.logSumExp(x, count) }
}
