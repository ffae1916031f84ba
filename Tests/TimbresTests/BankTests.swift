import SoundFonts
import Synthesis
import Testing
import Timbres

@Suite struct BankTests {
  @Test func everyGeneralMIDIProgramHasAPresetOfItsOwn() async {
    let melodic = await Built.font.value.presets.filter { $0.bank == 0 }
    #expect(melodic.map(\.program) == Array(0..<128))
    #expect(Set(melodic.map(\.name)).count == 128)
  }

  @Test func everyKeyOfTheDrumKitHasOneStroke() async throws {
    let font = await Built.font.value
    let kit = try #require(font.presets.first { $0.bank == 128 && $0.program == 0 })
    let keys = font.instruments[kit.zones[0].target].zones.map { $0.keys.map(Array.init) ?? [] }
    #expect(keys == (35...81).map { [$0] })
  }

  @Test func everyKeyAndVelocityOfEveryPresetPlays() async {
    let font = await Built.font.value
    for preset in font.presets where preset.bank == 0 {
      let zones = font.instruments[preset.zones[0].target].zones
      for key in UInt8(0)...127 {
        for velocity in [UInt8(1), 30, 64, 100, 127] {
          #expect(
            zones.contains {
              ($0.keys?.contains(key) ?? true) && ($0.velocities?.contains(velocity) ?? true)
            },
            "\(preset.name) \(key) \(velocity)"
          )
        }
      }
    }
  }

  @Test func noTwoSamplesShareAName() async {
    let names = await Built.font.value.samples.map(\.name)
    #expect(Set(names).count == names.count)
  }

  /// The mathematics library of another machine may round a frame differently. A larger difference means that the
  /// sources have changed since `make soundfonts` was run.
  @Test func theShippedFileIsWhatTheSourcesMake() async throws {
    let built = try await Built.font.value.serialized()
    let shipped = try Shipped.bytes.get()
    try #require(built.count == shipped.count)
    let differences = stride(from: 0, to: built.count - 1, by: 2).filter { i in
      let a = Int16(truncatingIfNeeded: Int(built[i]) | Int(built[i + 1]) << 8)
      let b = Int16(truncatingIfNeeded: Int(shipped[i]) | Int(shipped[i + 1]) << 8)
      return abs(Int(a) - Int(b)) > 2
    }
    #expect(differences.isEmpty)
  }

  @Test func theShippedFileIsSmall() throws { #expect(try Shipped.bytes.get().count <= 6_000_000) }

  @Test func fluidSynthLoadsItWithoutWarnings() throws {
    let player = try Player()
    #expect(player.complaints == [])
    let (_, complaints) = FluidSynthLog.collectingComplaints {
      for program in 0..<128 {
        player.select(program: program)
        player.strike(60)
        _ = player.render(0.01)
        player.release(60)
      }
      player.select(program: 0, bank: 128)
      for key in 35...81 {
        player.strike(key)
        _ = player.render(0.01)
      }
    }
    #expect(complaints == [])
  }
}
