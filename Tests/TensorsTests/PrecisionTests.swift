import Tensors
import Testing

@Suite struct PrecisionTests {
  /// Whatever matrix library the machine uses: unless reduced precision is allowed, products have the precision of
  /// float32.
  @Test(arguments: [64, 512])
  func productsOfFloat32(size: Int) throws {
    try Runtime.setFastProducts(false)
    let generator = try Generator(seed: 1)
    let (a, b) = (try generator.normal([size, size]), try generator.normal([size, size]))
    let exact = try a.converted(to: .float64).matmul(b.converted(to: .float64).transposed())
    let error = try (a.linear(b).converted(to: .float64) - exact).magnitude().largest(0, 1).item()
    // Rounding the factors to bfloat16 makes errors of 2⁻⁹ √size.
    #expect(error < 1e-4 * Double(size).squareRoot())
  }
}
