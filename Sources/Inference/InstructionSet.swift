internal import CKernels

/// The SIMD instructions that the engine computes with.
///
/// All give the same results within rounding. Programs use `best`; the others are for tests and measurements.
public enum InstructionSet: String, CaseIterable, Sendable {
  /// Portable C without SIMD.
  case scalar
  case neon
  /// AVX2 with FMA and F16C.
  case avx2
  /// AVX-512 F, BW, VL and DQ.
  case avx512
  /// AVX-512 with VNNI, which multiplies and adds pairs of 16-bit numbers in one instruction.
  case avx512vnni

  /// Whether this processor supports them.
  public var isSupported: Bool { table != nil }

  /// The widest that this processor supports.
  public static let best =
    InstructionSet(rawValue: String(cString: aurl_best_kernels().pointee.name)) ?? .scalar

  var table: UnsafePointer<AurlKernels>? {
    switch self {
    case .scalar: aurl_kernels(AurlScalar)
    case .neon: aurl_kernels(AurlNEON)
    case .avx2: aurl_kernels(AurlAVX2)
    case .avx512: aurl_kernels(AurlAVX512)
    case .avx512vnni: aurl_kernels(AurlAVX512VNNI)
    }
  }
}
