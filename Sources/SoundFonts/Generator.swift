/// A synthesis parameter of a zone, by its number in the SoundFont 2.01 specification (§8.1.2).
///
/// Key and velocity ranges, sample and instrument are properties of zones, so that their order in the file is always
/// right.
package enum Generator: UInt16, CaseIterable, Sendable {
  /// Modulation LFO to volume, in centibels.
  case modulationLFOToVolume = 13
  /// Modulation LFO to the filter's cutoff, in cents.
  case modulationLFOToCutoff = 10
  /// Modulation envelope to the filter's cutoff, in cents.
  case modulationEnvelopeToCutoff = 11
  /// Modulation envelope to pitch, in cents.
  case modulationEnvelopeToPitch = 7
  /// Vibrato LFO to pitch, in cents.
  case vibratoToPitch = 6
  /// Low-pass cutoff in absolute cents (0 is 8.176 Hz).
  case cutoff = 8
  /// Height of the filter's resonance, in centibels.
  case resonance = 9
  /// Chorus send, in tenths of a percent.
  case chorus = 15
  /// Reverb send, in tenths of a percent.
  case reverb = 16
  /// Stereo position from −500 (left) to 500 (right).
  case pan = 17
  /// Delay of the modulation LFO, in timecents.
  case modulationLFODelay = 21
  /// Frequency of the modulation LFO, in absolute cents.
  case modulationLFOFrequency = 22
  /// Delay of the vibrato LFO, in timecents.
  case vibratoDelay = 23
  /// Frequency of the vibrato LFO, in absolute cents.
  case vibratoFrequency = 24
  /// Attack of the modulation envelope, in timecents.
  case modulationAttack = 26
  /// Hold of the modulation envelope, in timecents.
  case modulationHold = 27
  /// Decay of the modulation envelope, in timecents.
  case modulationDecay = 28
  /// Fall of the modulation envelope to its sustain, in tenths of a percent.
  case modulationSustain = 29
  /// Release of the modulation envelope, in timecents.
  case modulationRelease = 30
  /// Delay of the volume envelope, in timecents.
  case volumeDelay = 33
  /// Attack of the volume envelope, in timecents.
  case volumeAttack = 34
  /// Hold of the volume envelope, in timecents.
  case volumeHold = 35
  /// Decay of the volume envelope, in timecents for 100 dB.
  case volumeDecay = 36
  /// Attenuation of the volume envelope's sustain, in centibels.
  case volumeSustain = 37
  /// Release of the volume envelope, in timecents for 100 dB.
  case volumeRelease = 38
  /// Attenuation, in centibels.
  case attenuation = 48
  /// Transposition, in semitones.
  case coarseTune = 51
  /// Tuning, in cents.
  case fineTune = 52
  /// Whether and how the sample loops: a `SampleMode`.
  case sampleMode = 54
  /// Cents from one key to the next.
  case scaleTuning = 56
  /// A voice ends the other voices of its class (1…127) in the preset.
  case exclusiveClass = 57

  /// The default amount.
  package var initial: Int16 {
    switch self {
    case .cutoff: 13_500
    case .scaleTuning: 100
    case .modulationLFODelay, .vibratoDelay, .modulationAttack, .modulationHold, .modulationDecay,
      .modulationRelease, .volumeDelay, .volumeAttack, .volumeHold, .volumeDecay, .volumeRelease:
      -12_000
    default: 0
    }
  }

  /// The range that the specification allows.
  package var range: ClosedRange<Int16> {
    switch self {
    case .modulationLFOToVolume: -960...960
    case .modulationLFOToCutoff, .modulationEnvelopeToCutoff, .modulationEnvelopeToPitch, .vibratoToPitch:
      -12_000...12_000
    case .cutoff: 1500...13_500
    case .resonance: 0...960
    case .chorus, .reverb: 0...1000
    case .pan: -500...500
    case .modulationLFODelay, .vibratoDelay, .modulationHold, .volumeDelay, .volumeHold: -12_000...5000
    case .modulationLFOFrequency, .vibratoFrequency: -16_000...4500
    case .modulationAttack, .modulationDecay, .modulationRelease, .volumeAttack, .volumeDecay, .volumeRelease:
      -12_000...8000
    case .modulationSustain: 0...1000
    case .volumeSustain, .attenuation: 0...1440
    case .coarseTune: -120...120
    case .fineTune: -99...99
    case .sampleMode: 0...3
    case .scaleTuning: 0...1200
    case .exclusiveClass: 1...127
    }
  }
}

/// How a sample is played to its end (values of `Generator.sampleMode`).
package enum SampleMode: Int16, Sendable {
  /// Once.
  case once = 0
  /// Repeats the loop until the voice has decayed.
  case loop = 1
  /// Repeats the loop until the key is released, then plays to the end.
  case loopUntilRelease = 3
}
