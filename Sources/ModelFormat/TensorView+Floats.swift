extension TensorView {
  /// The numbers in single precision, in the order of the file. O(n).
  ///
  /// `int8` numbers are returned without the scale that a model file stores separately; `ModelFile.floats(named:)`
  /// applies it.
  public var floats: [Float] {
    withUnsafeBytes { bytes in
      switch type {
      case .float64: Self.convert(bytes, Double.self) { Float($0) }
      case .float32: Self.convert(bytes, Float.self) { $0 }
      case .float16: Self.convert(bytes, UInt16.self) { Float(half: $0) }
      case .bfloat16: Self.convert(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
      case .int64: Self.convert(bytes, Int64.self) { Float($0) }
      case .uint64: Self.convert(bytes, UInt64.self) { Float($0) }
      case .int32: Self.convert(bytes, Int32.self) { Float($0) }
      case .uint32: Self.convert(bytes, UInt32.self) { Float($0) }
      case .int16: Self.convert(bytes, Int16.self) { Float($0) }
      case .uint16: Self.convert(bytes, UInt16.self) { Float($0) }
      case .int8: Self.convert(bytes, Int8.self) { Float($0) }
      case .uint8: Self.convert(bytes, UInt8.self) { Float($0) }
      case .bool: Self.convert(bytes, UInt8.self) { $0 == 0 ? 0 : 1 }
      }
    }
  }

  @inline(__always)
  private static func convert<Element: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _: Element.Type, _ float: (Element) -> Float
  ) -> [Float] {
    let size = MemoryLayout<Element>.size
    let count = bytes.count / size
    return [Float](unsafeUninitializedCapacity: count) { floats, initialized in
      for index in 0..<count {
        floats[index] = float(bytes.loadUnaligned(fromByteOffset: index &* size, as: Element.self))
      }
      initialized = count
    }
  }
}

extension Float {
  /// The number of a half-precision bit pattern (IEEE 754 binary16), exactly.
  ///
  /// Branch-free, so that loops are vectorized on any processor: exponent and fraction are shifted to their positions
  /// in single precision, and a multiplication by 2¹¹² corrects the difference of the biases, also for subnormal
  /// numbers.
  @inline(__always)
  package init(half bits: UInt16) {
    let magnitude = UInt32(bits & 0x7FFF) << 13
    let scaled = (Float(bitPattern: magnitude) * 0x1p112).bitPattern
    let isFinite = magnitude < 0x0F80_0000
    self.init(bitPattern: (isFinite ? scaled : magnitude | 0x7F80_0000) | UInt32(bits & 0x8000) << 16)
  }
}
