/// The lowest and the highest sounding pitch, with a resolution of an eighth of a frame.
struct Outline {
  private static let steps = 8
  /// The lowest pitch that does not count as low: G3.
  private static let lowLimit: UInt8 = 55
  private static let none: UInt8 = 255

  private var lowest: [UInt8]
  /// The pitch plus one; 0 in silence.
  private var highest: [UInt8]

  init(frames: Int) {
    lowest = Array(repeating: Self.none, count: frames * Self.steps)
    highest = Array(repeating: 0, count: frames * Self.steps)
  }

  /// Adds a note with times in frames; it lasts at least one step.
  mutating func add(_ pitch: Int, from start: Double, to end: Double) {
    let first = step(at: start)
    let last = max(first + 1, step(at: end))
    for step in first..<max(first, min(last, lowest.count)) {
      lowest[step] = min(lowest[step], UInt8(pitch))
      highest[step] = max(highest[step], UInt8(pitch) + 1)
    }
  }

  /// The lowest pitch of a frame; 255 in silence.
  func lowest(in frame: Int) -> Int {
    Int(lowest[frame * Self.steps..<(frame + 1) * Self.steps].min() ?? Self.none)
  }

  func isHighest(_ pitch: Int, at position: Double) -> Bool {
    let step = step(at: position)
    return step < highest.count && Int(highest[step]) == pitch + 1
  }

  /// Writes the bass and top features of all frames.
  func write(to values: inout [Float]) {
    let share = 1 / Float(Self.steps)
    for step in lowest.indices where lowest[step] != Self.none {
      let base = step / Self.steps * HarmonicFrames.width
      let bass: HarmonicFrames.Feature = lowest[step] < Self.lowLimit ? .lowBass : .highBass
      values[base + bass.rawValue * 12 + Int(lowest[step] % 12)] += share
      if highest[step] > lowest[step] + 1 {
        values[base + HarmonicFrames.Feature.top.rawValue * 12 + Int((highest[step] - 1) % 12)] += share
      }
    }
  }

  private func step(at position: Double) -> Int {
    Int(min(position * Double(Self.steps), Double(lowest.count)).rounded())
  }
}
