internal import CTorch

// Shapes broadcast as in NumPy: dimensions count from the last, and length 1 repeats.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) throws(TensorError) -> Tensor { try a.binary("sum", CTORCH_ADD, b) }
  package static func - (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try a.binary("difference", CTORCH_SUBTRACT, b)
  }
  package static func * (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try a.binary("product", CTORCH_MULTIPLY, b)
  }
  package static func / (a: Tensor, b: Tensor) throws(TensorError) -> Tensor {
    try a.binary("quotient", CTORCH_DIVIDE, b)
  }
  package static func + (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a.scalar("sum", CTORCH_ADD_SCALAR, b)
  }
  package static func - (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a + -b }
  package static func * (a: Tensor, b: Double) throws(TensorError) -> Tensor {
    try a.scalar("product", CTORCH_MULTIPLY_SCALAR, b)
  }
  package static func / (a: Tensor, b: Double) throws(TensorError) -> Tensor { try a * (1 / b) }
  package static func - (a: Double, b: Tensor) throws(TensorError) -> Tensor { try -b + a }
  package static prefix func - (a: Tensor) throws(TensorError) -> Tensor { try a.unary("negation", CTORCH_NEGATE) }

  package func exp() throws(TensorError) -> Tensor { try unary("exp", CTORCH_EXP) }
  package func log() throws(TensorError) -> Tensor { try unary("log", CTORCH_LOG) }
  package func squareRoot() throws(TensorError) -> Tensor { try unary("square root", CTORCH_SQRT) }
  package func reciprocalSquareRoot() throws(TensorError) -> Tensor { try unary("rsqrt", CTORCH_RSQRT) }
  package func squared() throws(TensorError) -> Tensor { try unary("square", CTORCH_SQUARE) }
  package func power(_ exponent: Double) throws(TensorError) -> Tensor { try scalar("power", CTORCH_POWER, exponent) }
  package func magnitude() throws(TensorError) -> Tensor { try unary("magnitude", CTORCH_ABS) }
  package func tanh() throws(TensorError) -> Tensor { try unary("tanh", CTORCH_TANH) }
  package func sigmoid() throws(TensorError) -> Tensor { try unary("sigmoid", CTORCH_SIGMOID) }
  /// log(1 + eˣ).
  package func softplus() throws(TensorError) -> Tensor { try unary("softplus", CTORCH_SOFTPLUS) }
  /// The Gaussian error linear unit in its tanh form (Hendrycks & Gimpel 2016).
  package func gelu() throws(TensorError) -> Tensor { try unary("gelu", CTORCH_GELU) }
  package func relu() throws(TensorError) -> Tensor { try unary("relu", CTORCH_RELU) }
  package func sine() throws(TensorError) -> Tensor { try unary("sine", CTORCH_SIN) }
  package func cosine() throws(TensorError) -> Tensor { try unary("cosine", CTORCH_COS) }
  /// The same elements without history, through which no gradient flows.
  package func detached() throws(TensorError) -> Tensor { try unary("detach", CTORCH_DETACH) }
  /// A copy that shares no elements.
  package func copied() throws(TensorError) -> Tensor { try unary("copy", CTORCH_CLONE) }
  /// The same elements in row-major order.
  package func contiguous() throws(TensorError) -> Tensor { try unary("contiguous", CTORCH_CONTIGUOUS) }

  package func maximum(_ other: Tensor) throws(TensorError) -> Tensor { try binary("maximum", CTORCH_MAXIMUM, other) }
  package func minimum(_ other: Tensor) throws(TensorError) -> Tensor { try binary("minimum", CTORCH_MINIMUM, other) }
  package func atLeast(_ bound: Double) throws(TensorError) -> Tensor { try scalar("bound", CTORCH_AT_LEAST, bound) }
  package func atMost(_ bound: Double) throws(TensorError) -> Tensor { try scalar("bound", CTORCH_AT_MOST, bound) }

  /// Booleans.
  package func equals(_ other: Tensor) throws(TensorError) -> Tensor { try binary("equality", CTORCH_EQUAL, other) }
  package func equals(_ value: Double) throws(TensorError) -> Tensor {
    try scalar("equality", CTORCH_EQUAL_SCALAR, value)
  }
  package func isLess(than other: Tensor) throws(TensorError) -> Tensor { try binary("order", CTORCH_LESS, other) }
  package func isLess(than value: Double) throws(TensorError) -> Tensor {
    try scalar("order", CTORCH_LESS_SCALAR, value)
  }
  package func and(_ other: Tensor) throws(TensorError) -> Tensor { try binary("and", CTORCH_AND, other) }
  package func not() throws(TensorError) -> Tensor { try unary("not", CTORCH_NOT) }

  /// Elements of `a` where `condition` holds, of `b` elsewhere.
  package static func select(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws(TensorError) -> Tensor {
    try make("select", [condition, a, b]) { ctorch_where($0, condition.handle, a.handle, b.handle, &$1) }
  }

  /// The matrix product of the last two dimensions, over those before: [… n, k] × [… k, m] → [… n, m].
  package func matmul(_ other: Tensor) throws(TensorError) -> Tensor { try binary("matmul", CTORCH_MATMUL, other) }

  private func unary(_ name: StaticString, _ code: CTorchUnary) throws(TensorError) -> Tensor {
    try Tensor.make(name, [self]) { ctorch_unary($0, code, handle, &$1) }
  }

  private func binary(_ name: StaticString, _ code: CTorchBinary, _ other: Tensor) throws(TensorError) -> Tensor {
    try Tensor.make(name, [self, other]) { ctorch_binary($0, code, handle, other.handle, &$1) }
  }

  private func scalar(_ name: StaticString, _ code: CTorchScalar, _ value: Double) throws(TensorError) -> Tensor {
    try Tensor.make(name, [self]) { ctorch_scalar($0, code, handle, value, &$1) }
  }
}
