internal import Glibc

/// Why ports cannot be used.
public enum PortError: Error, Hashable, Sendable {
  /// The sequencer cannot be opened; with the error number of the system.
  case unavailable(code: Int32)
  case noSuchPort(String, PortDirection, listed: [PortInfo])
  case ambiguousPort(String, matches: [PortInfo])
  /// A port that was in use has vanished.
  case vanished(PortAddress)
  /// The sequencer refused an operation; with the error number of the system.
  case refused(Operation, code: Int32)

  /// An operation of the sequencer.
  public enum Operation: String, Sendable {
    case createPort = "create a port"
    case connect = "connect the ports"
    case startQueue = "start a queue"
    case list = "list the ports"
    case send = "send"
    case receive = "receive"
  }
}

extension PortError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unavailable(ENOENT), .unavailable(ENXIO), .unavailable(ENODEV):
      "the ALSA sequencer is not there; load it with `modprobe snd-seq`, or give a container --device /dev/snd"
    case .unavailable(EACCES), .unavailable(EPERM):
      "the ALSA sequencer may not be opened; add yourself to the group that owns /dev/snd/seq (`audio`)"
    case .unavailable(let code):
      "the ALSA sequencer cannot be opened: \(Self.reason(code))"
    case .noSuchPort(let text, let direction, let listed):
      "no \(direction == .input ? "input" : "output") port is named '\(text)'; "
        + (listed.isEmpty ? "there is none" : "there are \(Self.list(listed))")
    case .ambiguousPort(let text, let matches):
      "'\(text)' may mean \(Self.list(matches)); give the number or more of the name"
    case .vanished(let address): "the port \(address) has vanished"
    case .refused(let operation, let code): "cannot \(operation.rawValue): \(Self.reason(code))"
    }
  }

  private static func list(_ ports: [PortInfo]) -> String {
    ports.map { "\($0.address) (\($0.fullName))" }.joined(separator: ", ")
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)).lowercased() }
}
