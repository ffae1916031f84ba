import SoundFonts
import Testing

@Suite struct ValidationTests {
  /// A change that violates a limit of the format, and a word that the error must contain.
  struct Fault: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var change: @Sendable (inout SoundFontBank) -> Void

    init(_ word: String, _ change: @escaping @Sendable (inout SoundFontBank) -> Void) {
      testDescription = word
      self.change = change
    }
  }

  @Test(arguments: [
    Fault("needs") { $0.presets = [] },
    Fault("name") { $0.samples[0].name = "Twenty-one characters" },
    Fault("name") { $0.presets[0].name = "" },
    Fault("name") { $0.instruments[0].name = "Flügel" },
    Fault("frames") { $0.samples[1].frames = [1, 2, 3] },
    Fault("rate") { $0.samples[0].rate = 96_000 },
    Fault("root") { $0.samples[0].rootKey = 128 },
    Fault("cents") { $0.samples[0].correction = 51 },
    Fault("loop") { $0.samples[0].loop = 7..<100 },
    Fault("loop") { $0.samples[0].loop = 50..<144 },
    Fault("loop") { $0.samples[0].loop = 50..<81 },
    Fault("target") { $0.instruments[0].zones[1].target = 2 },
    Fault("target") { $0.presets[0].zones[0].target = -1 },
    Fault("zone") { $0.instruments[0].zones = [] },
    Fault("range") { $0.instruments[0].zones[0].keys = 0...128 },
    Fault("pan") { $0.instruments[0].zones[0].generators[.pan] = 501 },
    Fault("program") { $0.presets[0].program = 128 },
    Fault("bank") { $0.presets[0].bank = 129 },
    Fault("share") { $0.presets.append($0.presets[0]) },
  ])
  func faultsAreRefused(_ fault: Fault) {
    var font = exampleFont
    fault.change(&font)
    let error = #expect(throws: SoundFontError.self) { try font.serialized() }
    #expect(error?.description.contains(fault.testDescription) == true)
  }

  @Test func theExampleItselfIsSound() throws { try exampleFont.validate() }
}
