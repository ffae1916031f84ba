internal import Foundation
internal import SoundFonts

/// A soundfont whose only sound lasts as long as its key is held and has decayed 1 ms after its release.
public enum OrganFont {
  /// - Parameter banks: The banks that have the sound, each a semitone higher than the one before.
  public static func bytes(banks: [UInt16] = [0]) throws -> [UInt8] {
    // 100 periods of 480 Hz.
    let frames = (0..<10_100).map { Int16(10_000 * sin(2 * Double.pi * Double($0) / 100)) }
    var font = SoundFontBank(name: "Organ")
    font.samples = [Sample(name: "Sine", frames: frames, rate: 48_000, loop: 50..<10_050, rootKey: 71)]
    font.instruments = [
      Instrument(name: "Organ", zones: [Zone(target: 0, generators: [.sampleMode: SampleMode.loop.rawValue])])
    ]
    font.presets = banks.enumerated().map { semitones, bank in
      Preset(
        name: "Organ", bank: bank, program: 0,
        zones: [Zone(target: 0, generators: semitones == 0 ? [:] : [.coarseTune: Int16(semitones)])])
    }
    return try font.serialized()
  }
}
