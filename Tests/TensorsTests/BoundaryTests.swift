import CTorch
import Testing

/// The C functions: they report failures and do not let C++ exceptions escape.
@Suite struct BoundaryTests {
  private func tensor(_ values: [Float], _ shape: [Int64]) throws -> OpaquePointer {
    var out: OpaquePointer?
    #expect(ctorch_from_data(values, CTORCH_FLOAT32, shape, shape.count, -1, &out) == 0)
    return try #require(out)
  }

  private var reason: String { String(cString: ctorch_last_error()) }

  @Test func aFailureLeavesAMessageOfOneLine() throws {
    let a = try tensor([1, 2, 3, 4, 5, 6], [2, 3])
    defer { ctorch_release(a) }
    var out: OpaquePointer?
    #expect(ctorch_binary(true, CTORCH_MATMUL, a, a, &out) == -1)
    #expect(out == nil)
    #expect(reason.contains("2x3 and 2x3"))
    #expect(!reason.contains("\n"))
    #expect(ctorch_reshape(true, a, [4, 4], 2, &out) == -1)
    #expect(out == nil)
    #expect(reason.contains("[4, 4]"))
  }

  @Test func anUnknownOperationFails() throws {
    let a = try tensor([1], [1])
    defer { ctorch_release(a) }
    var out: OpaquePointer?
    #expect(ctorch_unary(true, CTorchUnary(rawValue: 99), a, &out) == -1)
    #expect(ctorch_binary(true, CTorchBinary(rawValue: 99), a, a, &out) == -1)
    #expect(ctorch_scalar(true, CTorchScalar(rawValue: 99), a, 1, &out) == -1)
    #expect(ctorch_reduce(true, CTorchReduction(rawValue: 99), a, [0], 1, false, &out) == -1)
    #expect(ctorch_scan(true, CTorchScan(rawValue: 99), a, 0, &out) == -1)
    #expect(ctorch_full(1, CTorchType(rawValue: 99), [1], 1, -1, &out) == -1)
    #expect(out == nil)
    #expect(reason == "unknown scalar type 99")
  }

  @Test func aTensorOutlivesItsOperands() throws {
    let a = try tensor([1, 2, 3], [3])
    var out: OpaquePointer?
    #expect(ctorch_narrow(true, a, 0, 1, 2, &out) == 0)
    ctorch_release(a)
    let view = try #require(out)
    defer { ctorch_release(view) }
    var values: [Float] = [0, 0]
    #expect(ctorch_copy_out(view, CTORCH_FLOAT32, &values) == 0)
    #expect(values == [2, 3])
    #expect(ctorch_rank(view) == 1)
  }

  @Test func nothingIsReleasedWithoutATensor() { ctorch_release(nil) }
}
