internal import Glibc

/// The sounds of the drum kit, each played at its original pitch.
enum Drums {
  /// The loudness in dBFS, above that of other instruments.
  private static let loudness = -14.0

  /// A drumhead: its modes start sharp, because the stroke stretches it, and then settle.
  static func head(
    _ name: String,
    pitch: Double,
    ring: Double,
    glide: Double = 0.25,
    overtones: Double = -9,
    click: Double = -10,
    seconds: Double
  ) -> Timbre {
    once(name, seconds: seconds, rate: 14_000) { tone, random in
      for (ratio, level, life) in [
        (1.0, 0.0, 1.0), (1.593, overtones, 0.4), (2.135, overtones - 4, 0.3), (2.9, overtones - 9, 0.2),
      ] {
        tone.partials.append(
          Partial(
            frequency: pitch * ratio,
            amplitude: Timbres.ratio(decibels: level),
            phase: random.uniform(0...0.6),
            decay: 60 / (ring * life),
            glide: .init(depth: glide, time: 0.03)
          )
        )
      }
      tone.bursts = [Burst(band: 300...4500, level: Timbres.ratio(decibels: click), fall: 0.006)]
    }
  }

  static func snare(_ name: String, pitch: Double, wires: Double) -> Timbre {
    once(name, seconds: 0.38, rate: 30_000) { tone, _ in
      tone.partials = [(1, 0.0), (1.78, -5), (2.3, -12)].map { ratio, level in
        Partial(
          frequency: pitch * ratio,
          amplitude: Timbres.ratio(decibels: level),
          decay: 330,
          glide: .init(depth: 0.15, time: 0.02)
        )
      }
      tone.bursts = [
        Burst(band: 1800...9500, level: wires, fall: 0.055),
        Burst(band: 500...3000, level: 0.6 * wires, fall: 0.03),
        Burst(band: 1000...8000, level: 0.6 * wires, fall: 0.004),
      ]
    }
  }

  /// A cymbal: modes too dense for a pitch, the high ones shorter, and noise.
  static func cymbal(
    _ name: String,
    from lowest: Double,
    ring: Double,
    seconds: Double,
    bell: Double = -30,
    wash: Double = 1,
    rise: Double = 0.002
  ) -> Timbre {
    Timbre(name: name, roots: [60], loudness: { _ in loudness }) { key, random in
      let isLooped = ring > seconds
      var tone = Tone(key: key, rate: 30_000, lead: seconds, loop: isLooped ? 0.2 : nil)
      tone.decay = isLooped ? 60 / ring : 0
      for _ in 0..<280 {
        let frequency = lowest + (13_000 - lowest) * pow(random.uniform(0...1), 1.4)
        tone.partials.append(
          Partial(
            frequency: frequency,
            amplitude: 0.08 * random.uniform(0.2...1),
            phase: random.phase(),
            decay: 60 / ring * (0.7 + frequency / 12_000),
            rise: rise * frequency / 1500
          )
        )
      }
      for ratio in [1, 1.48, 2.17, 2.94] {
        tone.partials.append(
          Partial(
            frequency: 2.4 * lowest * ratio,
            amplitude: Timbres.ratio(decibels: bell),
            phase: random.phase(),
            decay: 60 / ring
          )
        )
      }
      tone.bursts = [
        Burst(band: 3000...12_000, level: wash * 0.6, rise: rise, fall: min(ring, seconds) / 7),
        Burst(band: 1000...9000, level: wash * 0.7, fall: 0.008),
      ]
      return tone
    }
  }

  /// A short stroke on metal or wood.
  static func block(
    _ name: String,
    _ modes: [(frequency: Double, level: Double, ring: Double)],
    noise: Double = -14,
    seconds: Double,
    glide: Partial.Glide? = nil
  ) -> Timbre {
    once(name, seconds: seconds, rate: 25_000) { tone, random in
      tone.partials = modes.map { mode in
        Partial(
          frequency: mode.frequency,
          amplitude: ratio(decibels: mode.level),
          phase: random.uniform(0...0.5),
          decay: 60 / mode.ring,
          glide: glide
        )
      }
      tone.bursts = [Burst(band: 1000...8000, level: ratio(decibels: noise), fall: 0.004)]
    }
  }

  /// Short bursts of noise: claps, shakers, scrapers, rattles.
  static func grains(
    _ name: String,
    band: ClosedRange<Double>,
    times: [Double],
    fall: Double,
    tail: Double,
    seconds: Double,
    rise: Double = 0.0005
  ) -> Timbre {
    once(name, seconds: seconds, rate: 25_000) { tone, _ in
      tone.bursts = times.enumerated().map { index, time in
        Burst(
          band: band,
          level: 1,
          rise: rise,
          fall: index == times.count - 1 ? tail : fall,
          delay: time
        )
      }
    }
  }

  private static func once(
    _ name: String,
    seconds: Double,
    rate: Double,
    _ fill: @escaping @Sendable (inout Tone, inout Randomness) -> Void
  ) -> Timbre {
    Timbre(name: name, roots: [60], loudness: { _ in loudness }) { key, random in
      var tone = Tone(key: key, rate: rate, lead: seconds, loop: nil)
      tone.onset = 0.0005
      fill(&tone, &random)
      return tone
    }
  }
}
