import Foundation
import Tensors
import Testing

@Suite struct ReductionTests {
  @Test func logSumExpDoesNotOverflow() throws {
    let x = try Tensor([1_000, 1_000] as [Float], [2])
    #expect(abs(try x.logSumExp().item() - 1_000 - log(2)) < 1e-3)
    #expect(try x.softmax().floats() == [0.5, 0.5])
  }

  @Test func findsTheLargest() throws {
    let x = try Tensor([1, 4, 2, -3, -8, 0.5] as [Float], [2, 3])
    #expect(try x.argmax().integers() == [1, 2])
    #expect(try x.argmax(0).integers() == [0, 0, 0])
    #expect(try x.argmax().type == .int64)
  }
}
