import MIDIPorts
import Synthesis
import Terminal

/// The connections of a live session: keyboards, the model's output, and aurl's own synthesizer.
struct LivePorts {
  let client: SequencerClient
  let input: PortAddress
  let output: PortAddress
  private var sources: [PortConnection] = []
  private var destination: PortConnection
  private let synthesizer: SynthesizerPort?
  private let passesOn: Bool

  /// A change of the port that the model plays on.
  enum Output {
    case lost, found
  }

  /// - Throws: `PortError` if there is no sequencer or no such port, `Failure` if the synthesizer fails.
  init(_ options: PortArguments, _ sound: LiveSynthesizer?) async throws {
    client = try SequencerClient(name: "aurl")
    input = try await PortConnection.createPort(.input, of: client)
    output = try await PortConnection.createPort(.output, of: client)
    passesOn = options.thru
    synthesizer = if let sound { try await SynthesizerPort(sound) } else { nil }
    destination = try await PortConnection(output, of: client, .output, to: options.to)
    if let synthesizer { try await client.connect(output, .output, synthesizer.port) }
    var names = options.from
    if names.isEmpty, options.synth, let keyboard = try await onlyKeyboard() {
      names = [keyboard.address.description]
      Message.note("listening to \(keyboard.address) (\(keyboard.fullName))")
    }
    for name in names {
      let source = try await PortConnection(input, of: client, .input, to: name)
      if let peer = source.peer { await passOn(peer) }
      sources.append(source)
    }
    if names.isEmpty { Message.note("\(input) (aurl:input) waits to be connected to a keyboard") }
    if options.to == nil, !options.synth {
      Message.note("\(output) (aurl:output) waits to be connected to an instrument")
    }
  }

  /// The only connected keyboard; nil if there are none or several.
  private func onlyKeyboard() async throws -> PortInfo? {
    let keyboards = try await client.ports().filter { $0.isInput && $0.kind == .hardware }
    return keyboards.count == 1 ? keyboards.first : nil
  }

  /// Connects a source to the synthesizer in the kernel, so that it sounds without delay, independently of this
  /// program.
  private func passOn(_ source: PortAddress) async {
    guard passesOn, let synthesizer, source.client != client.number, source.client != synthesizer.client.number else {
      return
    }
    try? await synthesizer.client.connect(synthesizer.port, .input, source)
  }

  /// Follows a change among the ports.
  mutating func follow(_ change: PortChange) async -> Output? {
    if case .connected(let source, input) = change { await passOn(source) }
    for index in sources.indices { await sources[index].follow(change) }
    let old = destination.peer
    await destination.follow(change)
    return old == destination.peer ? nil : destination.peer == nil ? .lost : .found
  }
}
