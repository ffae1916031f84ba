import MIDIPorts
import Testing

struct PortQueryTests {
  private static func port(
    _ address: String, _ client: String, _ name: String, isInput: Bool = true, isOutput: Bool = true
  ) -> PortInfo {
    PortInfo(
      address: PortAddress(address) ?? PortAddress(client: 0, port: 0), clientName: client, name: name,
      isInput: isInput, isOutput: isOutput, kind: .software)
  }

  private static let ports = [
    port("14:0", "Midi Through", "Midi Through Port-0"),
    port("20:0", "USB Keyboard", "USB Keyboard MIDI 1", isOutput: false),
    port("20:1", "USB Keyboard", "USB Keyboard MIDI 2", isOutput: false),
    port("24:2", "Synth", "in", isInput: false),
    port("128:0", "FLUID Synth (99)", "Synth input port (99:0)", isInput: false),
    port("129:0", "aurl", "input"),
    port("130:0", "aurl", "input"),
  ]

  @Test(
    arguments: [
      ("14:0", .output, "14:0"), ("14", .output, "14:0"), ("24", .output, "24:2"), ("20:1", .input, "20:1"),
      ("Midi Through", .input, "14:0"), ("midi thr", .input, "14:0"), ("Port-0", .input, "14:0"),
      ("USB Keyboard", .input, "20:0"), ("usb", .input, "20:0"), ("MIDI 2", .input, "20:1"),
      ("USB Keyboard:USB Keyboard MIDI 2", .input, "20:1"), ("usb:2", .input, "20:1"),
      ("Synth", .output, "24:2"), ("fluid", .output, "128:0"), ("input port (99:0)", .output, "128:0"),
    ] as [(String, PortDirection, String)])
  func findsThePortThatIsMeant(text: String, direction: PortDirection, address: String) throws {
    #expect(try PortQuery(text, direction: direction).resolve(in: Self.ports).address.description == address)
  }

  @Test(
    arguments: [
      ("20:0", .output), ("20:7", .input), ("99", .input), ("Synth", .input), ("nothing", .output), ("", .output),
      ("-1:0", .output), ("300:0", .output),
    ] as [(String, PortDirection)])
  func listsTheAvailablePorts(text: String, direction: PortDirection) {
    #expect {
      try PortQuery(text, direction: direction).resolve(in: Self.ports)
    } throws: { error in
      if case .noSuchPort(text, direction, let listed) = error as? PortError { !listed.isEmpty } else { false }
    }
  }

  @Test(arguments: ["aurl", "aurl:input", "i"])
  func doesNotGuess(text: String) {
    #expect {
      try PortQuery(text, direction: .input).resolve(in: Self.ports)
    } throws: { error in
      if case .ambiguousPort(text, let matches) = error as? PortError { matches.count >= 2 } else { false }
    }
  }

  @Test(arguments: ["", ":", "1:", "a:0", "256:0", "1:2:3", "1 :2"])
  func invalidAddressesAreRefused(text: String) { #expect(PortAddress(text) == nil) }
}
