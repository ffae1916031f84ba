internal import Glibc

extension Patch {
  /// Programs 0–7: pianos.
  static let keyboards = [
    Patch(0, "Acoustic Grand", piano(soft: 1...52, medium: 53...92, loud: 93...127)),
    Patch(1, "Bright Acoustic", piano(soft: 1...26, medium: 27...62, loud: 63...127)),
    Patch(2, "Electric Grand", piano(soft: 1...30, medium: 31...127, loud: nil, chorus: 35)),
    Patch(3, "Honky-tonk", honkyTonk),
    Patch(4, "Electric Piano 1", [Layer(tine, electricPiano)]),
    Patch(5, "Electric Piano 2", [Layer(frequencyModulated, electricPiano)]),
    Patch(
      6,
      "Harpsichord",
      [
        Layer(
          harpsichord,
          Voice(release: 0.25, filter: .closing(from: 15_000, to: 1200, in: 5, softness: 0.5))
        )
      ]
    ),
    Patch(
      7,
      "Clavinet",
      [Layer(clavinet, Voice(release: 0.08, filter: .closing(from: 12_000, to: 900, in: 3, softness: 3)))]
    ),
  ]

  /// The grand piano with its dynamics on the given velocities; within each range the filter interpolates to the next.
  private static func piano(
    soft: ClosedRange<UInt8>,
    medium: ClosedRange<UInt8>,
    loud: ClosedRange<UInt8>?,
    chorus: Double = 0
  ) -> [Layer] {
    let dynamics: [(Piano, ClosedRange<UInt8>?, top: Double, octaves: Double)] = [
      (.soft, soft, 3000, 1.6), (.medium, medium, 5000, 1.2), (.loud, loud, 14_000, 1.5),
    ]
    return dynamics.compactMap { dynamic, velocities, top, octaves in
      guard let velocities else { return nil }
      // Octaves over all velocities such that `octaves` fall to these, and the cutoff at their loudest is `top`.
      let softness = octaves * 127 / Double(velocities.count)
      let lost = softness * Double(127 - velocities.upperBound) / 127
      var voice = Voice(release: 0.3, undampedFrom: 91, reverb: 8)
      voice.pan = { Double($0 - 64) / 110 }
      voice.chorus = chorus
      voice.filter = Voice.Filter(
        cutoff: 600 * exp2(lost),
        tracking: 0.35,
        sweep: log2(top / 600),
        hold: 0.3,
        decay: 7,
        softness: softness
      )
      return Layer(dynamic.timbre, voice, velocities: velocities)
    }
  }

  private static var honkyTonk: [Layer] {
    let upright = piano(soft: 1...36, medium: 37...127, loud: nil)
    let mistuned = upright.map { layer in
      var layer = layer
      layer.voice.tuning = 12
      layer.voice.level = -8
      return layer
    }
    return upright.map { layer in
      var layer = layer
      layer.voice.level = -1.5
      return layer
    } + mistuned
  }

  private static let electricPiano = Voice(
    release: 0.2,
    filter: .closing(from: 9000, to: 900, in: 5, softness: 3),
    chorus: 15,
    reverb: 12
  )

  private static let tine = Struck(
    name: "Tine",
    roots: [33, 45, 57, 69, 81, 93],
    modes: [
      .init(1, 0, 1), .init(2, -9, 0.7), .init(3, -20, 0.5), .init(4, -26, 0.4), .init(5, -34, 0.3),
      .init(7.03, -20, 0.09), .init(19.6, -30, 0.04),
    ],
    ring: 7,
    shrink: 0.72,
    noise: (-26, 300...2500, 0.012),
    split: 0
  ).timbre

  private static let frequencyModulated = Struck(
    name: "FM piano",
    roots: [33, 45, 57, 69, 81, 93],
    modes: [
      .init(1, 0, 1), .init(2, -13, 0.6), .init(3, -18, 0.5), .init(4, -27, 0.4), .init(13, -22, 0.10),
      .init(14, -16, 0.14), .init(15, -22, 0.12),
    ],
    ring: 6,
    shrink: 0.72,
    noise: (-34, 2000...6000, 0.005)
  ).timbre

  private static let harpsichord = Plucked(
    name: "Harpsichord",
    roots: [36, 46, 56, 66, 78],
    limit: 22_050,
    position: 0.11,
    edge: (7000, 1),
    stiffness: 0.00004,
    decay: 9,
    loss: 3,
    body: [(420, 3), (1900, 4)],
    bodyCorner: 160,
    noise: (-18, 1500...8000)
  ).timbre

  private static let clavinet = Plucked(
    name: "Clavinet",
    roots: [36, 48, 60, 72, 84],
    limit: 22_050,
    lead: 0.22,
    loop: 0.06,
    position: 0.2,
    pickup: 0.08,
    edge: (5000, 1),
    decay: 16,
    loss: 5,
    bodyCorner: 120,
    noise: (-16, 1000...6000)
  ).timbre
}
