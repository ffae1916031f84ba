internal import Glibc
internal import SoundFonts

/// How the sampler plays a timbre: envelopes, filter, vibrato and pan. Times are in seconds.
struct Voice: Sendable {
  /// The delay before the note.
  var delay = 0.0
  var attack = 0.001
  /// The decay time for 60 dB from the peak toward `sustain`; nil for the decay of the sample.
  var decay: Double?
  /// The attenuation to which a held note decays, in decibels; 0 for a constant level.
  var sustain = 0.0
  /// The release time for 60 dB.
  var release = 0.15
  /// From this key up there are no dampers: a released note keeps ringing.
  var undampedFrom = 128
  var filter: Filter?
  var vibrato: Vibrato?
  /// The depth of the tremolo in decibels, and its frequency in hertz (modulation LFO).
  var tremolo: (depth: Double, frequency: Double)?
  /// The transposition in semitones, and the tuning in cents.
  var transposition = 0
  var tuning = 0
  /// The level in decibels, at most 0.
  var level = 0.0
  /// The pan by key, from −1 (left) to 1 (right).
  var pan: @Sendable (Int) -> Double = { _ in 0 }
  /// Effect sends in percent.
  var chorus = 0.0
  var reverb = 12.0
  /// The pitch in cents at which a note starts, and the time that it takes to settle. It uses the modulation envelope,
  /// so that the filter cannot sweep.
  var bend: (depth: Double, time: Double)?

  /// A resonant low-pass filter.
  struct Filter: Sendable {
    /// The base cutoff in hertz, for middle C.
    var cutoff: Double
    /// The key tracking: octaves of cutoff per octave of pitch.
    var tracking = 0.5
    /// The resonance in decibels.
    var resonance = 0.0
    /// The amount that the envelope adds at its peak, in octaves, and its times; `hold` is the time at the peak.
    var sweep = 0.0
    var attack = 0.001
    var hold = 0.0
    /// The time from the peak to the base cutoff.
    var decay = 1.0
    /// The octaves by which the softest note lowers the cutoff; the loudest does not lower it.
    var softness = 0.0

    /// A filter that closes like a struck or plucked string, which loses its high partials: from `high` to `low` hertz
    /// in `seconds`.
    static func closing(from high: Double, to low: Double, in seconds: Double, softness: Double = 2) -> Filter {
      Filter(cutoff: low, sweep: log2(high / low), hold: 0.15, decay: seconds, softness: softness)
    }
  }

  /// An automatic vibrato.
  struct Vibrato: Sendable {
    /// The depth in cents in either direction.
    var depth: Double
    var frequency = 5.5
    var delay = 0.4
  }
}

extension Voice {
  /// The generators for the zone of a sample.
  func generators(for recording: Recording) -> [Generator: Int16] {
    var result: [Generator: Int16] = [
      .sampleMode: (recording.loop == nil ? SampleMode.once : .loop).rawValue,
      .volumeDelay: timecents(delay), .volumeAttack: timecents(attack),
      .coarseTune: Int16(transposition), .fineTune: Int16(tuning),
      .pan: Int16((500 * pan(recording.key)).rounded()), .chorus: Int16(10 * chorus),
      .reverb: Int16(10 * reverb),
      // Samplers imitate the E-mu hardware, which applies 0.4 of the amount.
      .attenuation: Int16((-level * 10 / 0.4).rounded()),
    ]
    let ownDecay = recording.decay > 0 ? 60 / recording.decay : nil
    if let time = decay ?? ownDecay {
      result[.volumeDecay] = timecents(time * 100 / 60)
      result[.volumeSustain] = Int16(10 * (decay == nil ? 100 : sustain))
    }
    let ringing = decay ?? ownDecay ?? release
    let releaseTime = recording.key >= undampedFrom ? max(release, ringing) : release
    result[.volumeRelease] = timecents(releaseTime * 100 / 60)
    if let filter { result.merge(filter.generators(key: recording.key, release: releaseTime)) { $1 } }
    if let vibrato {
      result[.vibratoToPitch] = Int16(vibrato.depth)
      result[.vibratoFrequency] = absoluteCents(vibrato.frequency)
      result[.vibratoDelay] = timecents(vibrato.delay)
    }
    if let tremolo {
      result[.modulationLFOToVolume] = Int16(10 * tremolo.depth)
      result[.modulationLFOFrequency] = absoluteCents(tremolo.frequency)
    }
    if let bend {
      result[.modulationEnvelopeToPitch] = Int16(bend.depth)
      result[.modulationDecay] = timecents(bend.time)
      result[.modulationSustain] = 1000
    }
    return result.filter { $0.value != $0.key.initial }
  }

  /// Velocity controls the cutoff as the filter specifies, instead of the format's default modulator (§8.4.2).
  /// Implementations read that one in two ways, and both are overridden.
  var modulators: [Modulator] {
    let octaves = filter?.softness ?? 0
    return [
      Modulator(source: .softness, destination: .cutoff, amount: 0, scale: .velocitySwitch),
      Modulator(source: .softness, destination: .cutoff, amount: Int16(-1200 * octaves)),
    ]
  }
}

extension Voice.Filter {
  fileprivate func generators(key: Int, release: Double) -> [Generator: Int16] {
    let tracked = cutoff * exp2(tracking * Double(key - 60) / 12)
    var result: [Generator: Int16] = [
      .cutoff: min(13_500, max(1500, absoluteCents(tracked))), .resonance: Int16(10 * resonance),
    ]
    if sweep != 0 {
      result[.modulationEnvelopeToCutoff] = Int16(1200 * sweep)
      result[.modulationAttack] = timecents(attack)
      result[.modulationHold] = timecents(hold)
      result[.modulationDecay] = timecents(decay)
      result[.modulationSustain] = 1000
      result[.modulationRelease] = timecents(release)
    }
    return result
  }
}

/// A time in timecents: 1200 times its binary logarithm; times up to a millisecond become the format's minimum.
private func timecents(_ seconds: Double) -> Int16 {
  seconds <= 0.001 ? -12_000 : Int16(min(8000, (1200 * log2(seconds)).rounded()))
}

/// A frequency in absolute cents, above 8.176 Hz.
private func absoluteCents(_ hertz: Double) -> Int16 { Int16((1200 * log2(hertz / 8.175_798_916)).rounded()) }
