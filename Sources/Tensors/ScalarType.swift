internal import CTorch

/// The type of a tensor's elements.
package enum ScalarType: Sendable {
  case float32, float64, bfloat16, int64, bool

  init(_ type: CTorchType) {
    switch type {
    case CTORCH_FLOAT64: self = .float64
    case CTORCH_BFLOAT16: self = .bfloat16
    case CTORCH_INT64: self = .int64
    case CTORCH_BOOL: self = .bool
    default: self = .float32
    }
  }

  var code: CTorchType {
    switch self {
    case .float32: CTORCH_FLOAT32
    case .float64: CTORCH_FLOAT64
    case .bfloat16: CTORCH_BFLOAT16
    case .int64: CTORCH_INT64
    case .bool: CTORCH_BOOL
    }
  }
}
