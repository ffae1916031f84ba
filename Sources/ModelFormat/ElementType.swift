/// The element type of a tensor in a file, by its safetensors name.
///
/// Numbers are stored little-endian.
public enum ElementType: String, CaseIterable, Hashable, Sendable {
  case float64 = "F64"
  case int64 = "I64"
  case uint64 = "U64"
  case float32 = "F32"
  case int32 = "I32"
  case uint32 = "U32"
  case float16 = "F16"
  case bfloat16 = "BF16"
  case int16 = "I16"
  case uint16 = "U16"
  case int8 = "I8"
  case uint8 = "U8"
  /// A byte of 0 or 1.
  case bool = "BOOL"

  /// The size of an element in bytes.
  public var size: Int {
    switch self {
    case .float64, .int64, .uint64: 8
    case .float32, .int32, .uint32: 4
    case .float16, .bfloat16, .int16, .uint16: 2
    case .int8, .uint8, .bool: 1
    }
  }
}
