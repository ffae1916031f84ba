internal import Glibc
internal import SoundFonts

/// How the sampler plays a timbre: envelopes, filter, vibrato and place. Times are in seconds.
struct Voice: Sendable {
  /// Silence before the note.
  var delay = 0.0
  var attack = 0.001
  /// Time for 60 dB from the peak towards `sustain`; nil takes the decay that the recording was made for.
  var decay: Double?
  /// What a held note falls to in decibels; 0 sustains.
  var sustain = 0.0
  /// Time for 60 dB after the key is released.
  var release = 0.15
  /// From this key up there are no dampers: a released note rings on.
  var undampedFrom = 128
  var filter: Filter?
  var vibrato: Vibrato?
  /// Swelling by the modulation LFO, in decibels, at its frequency in hertz.
  var tremolo: (depth: Double, frequency: Double)?
  /// Semitones and cents.
  var transposition = 0
  var tuning = 0
  /// In decibels, 0 or below.
  var level = 0.0
  /// From −1, left, to 1, right, by key.
  var pan: @Sendable (Int) -> Double = { _ in 0 }
  /// Effect sends in percent.
  var chorus = 0.0
  var reverb = 12.0
  /// The pitch in cents at which a note starts, and the time it takes to settle. It takes the envelope that a filter's
  /// sweep would need.
  var bend: (depth: Double, time: Double)?

  /// A resonant low-pass.
  struct Filter: Sendable {
    /// At rest, in hertz, for middle C.
    var cutoff: Double
    /// Octaves by which it rises an octave.
    var tracking = 0.5
    /// In decibels.
    var resonance = 0.0
    /// What the envelope adds at its peak, in octaves, and its times; `hold` is how long it stays there.
    var sweep = 0.0
    var attack = 0.001
    var hold = 0.0
    /// Time from the peak to rest.
    var decay = 1.0
    /// What the softest note takes off, in octaves; the loudest takes nothing.
    var softness = 0.0

    /// A filter that closes as a struck or plucked string loses its high partials: from `high` to `low` hertz in
    /// `seconds`.
    static func closing(from high: Double, to low: Double, in seconds: Double, softness: Double = 2) -> Filter {
      Filter(cutoff: low, sweep: log2(high / low), hold: 0.15, decay: seconds, softness: softness)
    }
  }

  /// A vibrato that sets in by itself.
  struct Vibrato: Sendable {
    /// In cents either way.
    var depth: Double
    var frequency = 5.5
    var delay = 0.4
  }
}

extension Voice {
  /// The generators for a recording's zone.
  func generators(for recording: Recording) -> [Generator: Int16] {
    var result: [Generator: Int16] = [
      .sampleMode: (recording.loop == nil ? SampleMode.once : .loop).rawValue,
      .volumeDelay: timecents(delay), .volumeAttack: timecents(attack),
      .coarseTune: Int16(transposition), .fineTune: Int16(tuning),
      .pan: Int16((500 * pan(recording.key)).rounded()), .chorus: Int16(10 * chorus),
      .reverb: Int16(10 * reverb),
      // Players follow the E-mu hardware, which takes 0.4 of the amount.
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

  /// Velocity acts on the cutoff as the filter says, and not by the format's default (§8.4.2), whose two readings
  /// are both replaced.
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

/// 1200 times the binary logarithm; a millisecond or less is the format's zero.
private func timecents(_ seconds: Double) -> Int16 {
  seconds <= 0.001 ? -12_000 : Int16(min(8000, (1200 * log2(seconds)).rounded()))
}

/// Cents above 8.176 Hz.
private func absoluteCents(_ hertz: Double) -> Int16 { Int16((1200 * log2(hertz / 8.175_798_916)).rounded()) }
