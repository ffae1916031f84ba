internal import MusicCore

/// What the channels of a synthesizer were told, as far as FluidSynth does not keep it or takes it otherwise.
struct Instrument {
  var rhythm = RhythmParts()
  /// By port and channel.
  var parts: [Part]

  /// A channel of a port.
  struct Part {
    var program = Program(masking: 0)
    /// Controller 32, which is the bank with XG.
    var bankLSB: UInt8 = 0
    var keysDown = PitchSet()
    var isSustaining = false
    var isSostenutoDown = false
    /// Whether the sostenuto pedal has come up and FluidSynth is still to hear of it.
    var isSostenutoUpPending = false
    var bend: Int16 = 0
    var bendRange = BendRange()
    /// The registered parameter that data entry sets; 0x3FFF is none.
    var parameter = 0x3FFF
  }

  init(ports: Int) { parts = Array(repeating: Part(), count: 16 * ports) }
}

/// How far a bend goes (registered parameter 0): whole semitones and hundredths of one. FluidSynth knows the
/// semitones only, so that a range between them is the next whole one, and bends are smaller by as much.
struct BendRange {
  var semitones: UInt8 = 2
  var cents: UInt8 = 0

  /// FluidSynth's limit.
  private static let widest = 72

  /// The range that FluidSynth is given.
  var whole: Int { min(Int(semitones) + (cents > 0 ? 1 : 0), Self.widest) }

  /// What FluidSynth is given of a bend, 0…16383 with the middle at 8192.
  func scaled(_ bend: Int16) -> Int32 {
    guard cents > 0 else { return Int32(bend) + 8192 }
    let factor = (Double(semitones) + Double(cents) / 100) / Double(whole)
    return Int32(min(16_383, (Double(bend) * factor).rounded() + 8192))
  }
}
