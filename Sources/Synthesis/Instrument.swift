internal import MusicCore

/// The state of a synthesizer's channels that FluidSynth does not keep or interprets differently.
struct Instrument {
  var rhythm = RhythmParts()
  /// The channels of all ports, port by port.
  var parts: [Part]

  /// A channel of a port.
  struct Part {
    var program = Program(masking: 0)
    /// Controller 32, which is the bank with XG.
    var bankLSB: UInt8 = 0
    var keysDown = PitchSet()
    var isSustaining = false
    var isSostenutoDown = false
    /// Whether the sostenuto pedal has been released and FluidSynth must still be told.
    var isSostenutoUpPending = false
    var bend: Int16 = 0
    var bendRange = BendRange()
    /// The registered parameter that data entry sets; 0x3FFF for none.
    var parameter = 0x3FFF
  }

  init(ports: Int) { parts = Array(repeating: Part(), count: 16 * ports) }
}

/// The pitch bend range (registered parameter 0) in semitones and cents. FluidSynth supports whole semitones only, so a
/// fractional range is rounded up and bends are scaled down accordingly.
struct BendRange {
  var semitones: UInt8 = 2
  var cents: UInt8 = 0

  /// FluidSynth's limit.
  private static let widest = 72

  /// The range in whole semitones for FluidSynth.
  var whole: Int { min(Int(semitones) + (cents > 0 ? 1 : 0), Self.widest) }

  /// The scaled bend for FluidSynth, 0…16383 with the center at 8192.
  func scaled(_ bend: Int16) -> Int32 {
    guard cents > 0 else { return Int32(bend) + 8192 }
    let factor = (Double(semitones) + Double(cents) / 100) / Double(whole)
    return Int32(min(16_383, (Double(bend) * factor).rounded() + 8192))
  }
}
