import Tensors
import Testing

@Suite struct PrecisionTests {
  /// Unless reduced precision is allowed, matrix products have float32 precision with any matrix library.
  @Test(arguments: [64, 512])
  func productsOfFloat32(size: Int) throws {
    try Runtime.setFastProducts(false)
    let generator = try Generator(seed: 1)
    let (a, b) = (try generator.normal([size, size]), try generator.normal([size, size]))
    let exact = try a.converted(to: .float64).matmul(b.converted(to: .float64).transposed())
    let error = try (a.linear(b).converted(to: .float64) - exact).magnitude().largest(0, 1).item()
    // Rounding the factors to bfloat16 would cause errors of 2⁻⁹ √size.
    #expect(error < 1e-4 * Double(size).squareRoot())
  }
}
