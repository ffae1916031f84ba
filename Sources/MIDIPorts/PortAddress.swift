/// The address of a port: the numbers of a client of the ALSA sequencer and of one of its ports.
public struct PortAddress: Hashable, Comparable, Sendable {
  /// The number of the client.
  public var client: UInt8
  /// The number of the port in its client.
  public var port: UInt8

  /// Creates an address.
  public init(client: UInt8, port: UInt8) {
    self.client = client
    self.port = port
  }

  public static func < (a: PortAddress, b: PortAddress) -> Bool {
    (a.client, a.port) < (b.client, b.port)
  }
}

extension PortAddress: LosslessStringConvertible {
  /// The address as alsa-utils write it, such as `20:0`.
  public var description: String { "\(client):\(port)" }

  /// Parses `20:0` or, for the first port of a client, `20`.
  public init?(_ description: String) {
    let numbers = description.split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count <= 2, let client = numbers.first.flatMap({ UInt8($0) }) else { return nil }
    guard let port = numbers.count == 2 ? UInt8(numbers[1]) : 0 else { return nil }
    self.init(client: client, port: port)
  }
}
