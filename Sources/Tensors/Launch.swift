/// The description of a process group that a launcher such as torchrun gives to each process.
package struct Launch: Hashable, Sendable {
  /// The number of this process among `count`, from 0.
  package var rank: Int
  package var count: Int
  /// The number of this process among those of this machine.
  package var localRank = 0
  package var localCount = 1
  /// The address of the rendezvous server.
  package var host: String
  package var port: UInt16
  /// Whether this process hosts the rendezvous server.
  package var isServer: Bool

  package init(rank: Int, count: Int, host: String, port: UInt16) {
    self.rank = rank
    self.count = count
    self.host = host
    self.port = port
    isServer = rank == 0
  }

  /// Reads the environment variables that torchrun sets; nil for a single process.
  ///
  /// - Parameter variable: Returns the value of an environment variable; nil if it is not set.
  package init?(_ variable: (String) -> String?) throws(LaunchError) {
    guard variable("RANK") != nil || variable("WORLD_SIZE") != nil else { return nil }
    func value(_ name: String) throws(LaunchError) -> String {
      guard let value = variable(name), !value.isEmpty else { throw .missing(name) }
      return value
    }
    func number(_ name: String, _ range: ClosedRange<Int>) throws(LaunchError) -> Int {
      let text = try value(name)
      guard let number = Int(text), range.contains(number) else { throw .outside(name, text, range) }
      return number
    }
    let count = try number("WORLD_SIZE", 1...65_536)
    let rank = try number("RANK", 0...count - 1)
    guard count > 1 else { return nil }
    self.init(
      rank: rank, count: count, host: try value("MASTER_ADDR"), port: UInt16(try number("MASTER_PORT", 1...65_535)))
    let isCounted = variable("LOCAL_WORLD_SIZE") != nil
    if isCounted { localCount = try number("LOCAL_WORLD_SIZE", 1...count) }
    if variable("LOCAL_RANK") != nil { localRank = try number("LOCAL_RANK", 0...(isCounted ? localCount : count) - 1) }
    // torchrun hosts the server itself.
    if variable("TORCHELASTIC_USE_AGENT_STORE") == "True" { isServer = false }
  }
}

/// An error in a launcher's environment variables.
package enum LaunchError: Error, Hashable, Sendable, CustomStringConvertible {
  case missing(String)
  case outside(String, String, ClosedRange<Int>)

  package var description: String {
    switch self {
    case .missing(let name):
      "\(name) is not set: several processes need RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT in their environment"
    case .outside(let name, let value, let range):
      "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound), not '\(value)'"
    }
  }
}
