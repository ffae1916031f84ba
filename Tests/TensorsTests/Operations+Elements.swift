import Foundation
import Tensors

extension Operation {
  static let ofElements: [Operation] = [
    .unary("negation", { try -$0 }, equals: { -$0 }),
    .unary("exp", in: -1...1, { try $0.exp() }, equals: { exp($0) }),
    .unary("log", in: 0.1...9, { try $0.log() }, equals: { log($0) }),
    .unary("square root", in: 0.1...9, { try $0.squareRoot() }, equals: { $0.squareRoot() }),
    .unary("reciprocal square root", in: 0.2...9, { try $0.reciprocalSquareRoot() }, equals: { 1 / $0.squareRoot() }),
    .unary("square", { try $0.squared() }, equals: { $0 * $0 }),
    .unary("cube", in: -1...1, { try $0.power(3) }, equals: { $0 * $0 * $0 }),
    .unary("fractional power", in: 0.2...4, { try $0.power(0.3) }, equals: { pow($0, 0.3) }),
    .unary("magnitude", { try $0.magnitude() }, equals: { abs($0) }),
    .unary("tanh", { try $0.tanh() }, equals: { tanh($0) }),
    .unary("sigmoid", { try $0.sigmoid() }, equals: { 1 / (1 + exp(-$0)) }),
    .unary("softplus", { try $0.softplus() }, equals: { log1p(exp($0)) }),
    .unary(
      "gelu", { try $0.gelu() },
      equals: { $0 / 2 * (1 + tanh((2 / Double.pi).squareRoot() * ($0 + 0.044715 * $0 * $0 * $0))) }),
    .unary("relu", { try $0.relu() }, equals: { max(0, $0) }),
    .unary("sine", { try $0.sine() }, equals: { sin($0) }),
    .unary("cosine", { try $0.cosine() }, equals: { cos($0) }),
    .unary("copy", { try $0.copied() }, equals: { $0 }),
    .unary("contiguous", { try $0.transposed().contiguous().transposed() }, equals: { $0 }),
    .unary("name", { try $0.named("x") }, equals: { $0 }),
    .unary("at least", { try $0.atLeast(-0.5) }, equals: { max(-0.5, $0) }),
    .unary("at most", { try $0.atMost(0.5) }, equals: { min(0.5, $0) }),
    .unary("plus a number", { try $0 + 1.5 }, equals: { $0 + 1.5 }),
    .unary("minus a number", { try $0 - 1.5 }, equals: { $0 - 1.5 }),
    .unary("a number minus", { try 1.5 - $0 }, equals: { 1.5 - $0 }),
    .unary("times a number", { try $0 * 1.5 }, equals: { $0 * 1.5 }),
    .unary("by a number", { try $0 / 1.5 }, equals: { $0 / 1.5 }),

    .binary("sum", { try $0 + $1 }, equals: { $0 + $1 }),
    .binary("difference", { try $0 - $1 }, equals: { $0 - $1 }),
    .binary("product", { try $0 * $1 }, equals: { $0 * $1 }),
    .binary("quotient", in: 0.3...2, { try $0 / $1 }, equals: { $0 / $1 }),
    .binary("maximum", { try $0.maximum($1) }, equals: { max($0, $1) }),
    .binary("minimum", { try $0.minimum($1) }, equals: { min($0, $1) }),
    .binary("select", { try Tensor.select($0.isLess(than: 0), $0, $1) }, equals: { $0 < 0 ? $0 : $1 }),
    .binary("select by order", { try Tensor.select($0.isLess(than: $1).not(), $0, $1) }, equals: { max($0, $1) }),
  ]
}
