/// Joins system exclusive messages that arrive in several events, which is how the kernel passes on those from a cable.
public struct SystemExclusiveAssembler: Sendable {
  private var partial: [PortAddress: [UInt8]] = [:]

  /// The longest message in bytes; longer ones are dropped.
  public static let limit = 1 << 20

  /// Creates an assembler without a partial message.
  public init() {}

  /// Appends a piece; returns the message that it completes, without F0 and F7, or nil.
  ///
  /// A piece that begins with F0 starts a new message; one that continues nothing is dropped.
  public mutating func append(_ piece: some Sequence<UInt8>, from source: PortAddress) -> [UInt8]? {
    var message = partial.removeValue(forKey: source)
    for byte in piece {
      switch byte {
      case 0xF0: message = []
      case 0xF7:
        if let message { return message }
      case ..<0x80: message?.append(byte)
      default: break
      }
    }
    if let message, message.count <= Self.limit { partial[source] = message }
    return nil
  }

  /// Discards incomplete messages of ports that no longer exist.
  public mutating func forget(where isGone: (PortAddress) -> Bool) {
    partial = partial.filter { !isGone($0.key) }
  }
}
