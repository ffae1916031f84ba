import ModelFormat
import TestSupport
import Testing

@Suite struct NumberTests {
  @Test func everyHalf() {
    for bits in UInt16.min ... .max {
      let expected = Float(Float16(bitPattern: bits))
      let converted = Float(half: bits)
      if expected.isNaN {
        #expect(converted.isNaN)
      } else if converted.bitPattern != expected.bitPattern {
        Issue.record("\(bits) is \(converted), not \(expected)")
      }
    }
  }

  /// Values round to the nearest half-precision number, ties to the even one.
  @Test func nearestHalf() {
    for bits in UInt16(0)..<0x7BFF {
      let (low, high) = (Float(half: bits), Float(half: bits + 1))
      let middle = (low + high) / 2
      let nearest = [low, low.nextUp, middle.nextDown, middle, middle.nextUp, high.nextDown, high].map(\.halfBits)
      let even = bits.isMultiple(of: 2) ? bits : bits + 1
      let expected = [bits, bits, bits, even, bits + 1, bits + 1, bits + 1]
      if nearest != expected { Issue.record("about \(low): \(nearest)") }
      #expect((-low).halfBits == bits | 0x8000)
    }
    #expect(Float(65_519).halfBits == 0x7BFF && Float(65_520).halfBits == 0x7C00)
    #expect(Float(0x1p-25).halfBits == 0 && Float(0x1p-25).nextUp.halfBits == 1)
  }

  @Test(arguments: [
    (ElementType.float64, bytes(of: Double(-2.5).bitPattern), Float(-2.5)),
    (.float32, bytes(of: Float(0.1).bitPattern), 0.1), (.float16, [0x00, 0xC2], -3), (.bfloat16, [0x20, 0xC0], -2.5),
    (.int64, bytes(of: Int64(-1 << 40)), -0x1p40), (.uint64, bytes(of: UInt64(1) << 63), 0x1p63),
    (.int32, bytes(of: Int32(-7)), -7), (.uint32, bytes(of: UInt32.max), 0x1p32),
    (.int16, bytes(of: Int16(-300)), -300),
    (.uint16, bytes(of: UInt16(65_535)), 65_535), (.int8, [0x80], -128), (.uint8, [200], 200), (.bool, [1], 1),
  ])
  func everyTypeAsFloats(type: ElementType, bytes: [UInt8], value: Float) throws {
    // The tensor follows three bytes of another one, unaligned.
    let size = type.size
    let header = "{\(entry("a", "I8", "[3]", "[0,3]")),\(entry("b", type.rawValue, "[2]", "[3,\(3 + 2 * size)]"))}"
    let file = try SafetensorsFile(bytes: image(header) + [1, 2, 3] + bytes + bytes)
    #expect(file["b"]?.floats == [value, value])
  }

  @Test func roundingToEightBits() {
    let rows = QuantizedRows(
      [-127, 126.4, 0.5, 1.5, 0, 0, 0, 0, 0x1p-149, 0, -0x1p-149, 0, 1e38, -1e38, 3e38, 0], rows: 4)
    #expect(rows.values == [-127, 126, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 42, -42, 127, 0])
    #expect(rows.scales == [1, 0, 0, 3e38 / 127])
  }

  @Test(arguments: 0..<4) func errorOfEightBits(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let columns = 300
    let numbers = (0..<20 * columns).map { index in
      Float.random(in: -1...1, using: &random) * Float(sign: .plus, exponent: index / columns - 10, significand: 1)
    }
    let rows = QuantizedRows(numbers, rows: 20)
    for (index, number) in numbers.enumerated() {
      let scale = rows.scales[index / columns]
      let error = (Float(rows.values[index]) * scale - number).magnitude
      if error > scale / 2 * 1.0001 { Issue.record("\(number) is off by \(error)") }
    }
    // The quantized values use the whole range −127...127, and no more.
    #expect(Set(rows.values.map(\.magnitude)).max() == 127)
    #expect(rows.values.min() ?? 0 >= -127)
  }
}
