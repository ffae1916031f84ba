package import MusicCore

/// The mean velocity of the human's notes at each dynamic level, so that the machine's levels are equally loud.
package struct LevelVelocities: Sendable {
  private var means = DynamicLevel.allCases.map { Double($0.velocity.rawValue) }
  private var counts = [Double](repeating: 0, count: DynamicLevel.allCases.count)
  /// The length of the moving average, in onsets.
  private static let memory = 64.0

  package init() {}

  package mutating func receive(_ message: ChannelMessage) {
    guard case .noteOn(_, let velocity) = message.kind else { return }
    let index = Int(DynamicLevel(nearest: velocity).rawValue)
    counts[index] = min(Self.memory, counts[index] + 1)
    means[index] += (Double(velocity.rawValue) - means[index]) / counts[index]
  }

  /// The velocity of a level: the mean of the human's notes, or the usual value of notation programs.
  package func velocity(of level: DynamicLevel) -> Velocity {
    Velocity(masking: UInt8(means[Int(level.rawValue)].rounded()))
  }
}
