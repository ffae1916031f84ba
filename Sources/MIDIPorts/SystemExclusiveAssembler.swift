/// Joins the pieces of system exclusive messages that were sent in several events, as the kernel does with those
/// from a cable.
public struct SystemExclusiveAssembler: Sendable {
  private var partial: [PortAddress: [UInt8]] = [:]

  /// The longest message that is kept: a larger one has lost its end.
  public static let limit = 1 << 20

  public init() {}

  /// The whole message that a piece completes, without F0 and F7, or nil.
  ///
  /// A piece that begins with F0 starts anew; one that continues nothing is dropped.
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
