import Glibc
import MIDIPorts
import MusicCore
import Playing

/// The other end of a connection: a sequencer client in the test process that keeps everything it receives.
final class Peer: Sendable {
  let client: SequencerClient
  let port: PortAddress
  let inbox = Inbox()
  private let reader: Task<Void, Never>

  actor Inbox {
    private(set) var arrivals: [Arrival] = []

    func append(_ arrival: Arrival) { arrivals.append(arrival) }
  }

  init(_ name: String = "peer") async throws {
    client = try SequencerClient(name: name)
    port = try await client.createPort(name: "port", directions: [.input, .output])
    reader = Task { [client, inbox] in
      for await arrival in client.arrivals { await inbox.append(arrival) }
    }
  }

  deinit { reader.cancel() }

  /// The messages so far, with their times on the client's clock.
  var messages: [Performance.Event] {
    get async {
      await inbox.arrivals.compactMap { arrival in
        if case .message(let message, _, let time) = arrival {
          Performance.Event(time: time, message: message)
        } else {
          nil
        }
      }
    }
  }

  /// How many events were reported as lost.
  var lostCount: Int {
    get async {
      await inbox.arrivals.reduce(0) { if case .lost(let events) = $1 { $0 + events } else { $0 } }
    }
  }

  /// By how much this peer's clock is ahead of another's, in seconds. The clock of each client starts with it.
  func isAhead(of other: Peer) async -> Double {
    let (own, others) = (await client.now, await other.client.now)
    return own.rawValue - others.rawValue
  }

  /// The clients that have connected ports of theirs to a source since this peer exists.
  func listeners(of source: PortAddress) async -> Set<UInt8> {
    var clients: Set<UInt8> = []
    for case .change(.connected(from: source, to: let listener), _) in await inbox.arrivals {
      clients.insert(listener.client)
    }
    return clients
  }

  /// Whether a client has connected itself to this peer's port.
  var isHeard: Bool {
    get async { await !listeners(of: port).isEmpty }
  }

  /// Whether the end of a client has been announced to this peer, which the kernel does after everything that the
  /// client has sent.
  func hasSeenEnd(of client: UInt8) async -> Bool {
    // The number may have belonged to an earlier client.
    for case .change(let change, _) in await inbox.arrivals.reversed() {
      if change == .clientVanished(client) { return true }
      if change == .clientAppeared(client) { return false }
    }
    return false
  }

  /// Waits for the only `aurl` on the system and connects this peer with it.
  func meetAurl(_ direction: PortDirection) async throws -> PortAddress? {
    var found: PortAddress?
    _ = try await eventually {
      found = try await self.client.ports().first { $0.clientName == "aurl" }?.address
      return found != nil
    }
    if let found { try await client.connect(port, direction, found) }
    return found
  }

  /// True if no port of `aurl` is left.
  func aurlIsGone() async throws -> Bool {
    try await eventually(within: 5) { try await !self.client.ports().contains { $0.clientName == "aurl" } }
  }

  /// Sends messages, waiting for room, each `gap` after the one before, and returns when the last is due.
  func send(_ messages: [MIDIMessage], gap: Double = 0) async throws {
    var time = await client.now + Seconds(0.02)
    for message in messages {
      try await client.schedule(message, from: port, at: time)
      time = time + Seconds(gap)
    }
    try await client.flush()
    try await rest(until: time)
  }

  /// Lets time of the music pass, until a time of the client's clock.
  func rest(until time: Seconds) async throws {
    while case let now = await client.now, now < time {
      try await Task.sleep(for: .seconds(min(0.02, (time - now).rawValue)))
    }
  }
}

extension PortAddress {
  /// The kernel's port that passes on what it receives.
  static let midiThrough = PortAddress(client: 14, port: 0)
}

/// Whether clients have read everything that was delivered to them.
func haveReadEverything(_ clients: Set<UInt8>) -> Bool {
  let text = contents(of: "/proc/asound/seq/clients")
  return clients.allSatisfy { InputPoolCount(client: $0, in: text)?.waiting == 0 }
}

extension MIDIMessage {
  static func noteOn(_ pitch: Int, channel: UInt8 = 0, velocity: UInt8 = 80) -> MIDIMessage {
    .noteOn(Channel(status: channel), Pitch(masking: UInt8(pitch)), Velocity(masking: velocity))
  }

  static func noteOff(_ pitch: Int, channel: UInt8 = 0) -> MIDIMessage {
    .noteOff(Channel(status: channel), Pitch(masking: UInt8(pitch)), Velocity(masking: 64))
  }

  static func controller(_ controller: Controller, _ value: UInt8, channel: UInt8 = 0) -> MIDIMessage {
    .control(Channel(status: channel), .controller(controller, value))
  }

  var onset: Pitch? {
    if case .channel(let message) = self, case .noteOn(let pitch, _) = message.kind { pitch } else { nil }
  }
}
