internal import Foundation
package import MusicFeatures
internal import MusicTokens
package import Tensors

/// The expected keyboard states of a batch under distributions over tokens: equal to `KeyboardState` for one-hot tokens,
/// and differentiable through all positions.
package struct SoftKeyboard {
  /// The probabilities that a key sounds and that it was ever struck, and the ticks since then: [b, 128].
  package let sounding: Tensor
  private let struck, age: Tensor
  /// The probability of each level, [b, 6].
  private let level: Tensor

  private static let longest = 8192.0

  private init(sounding: Tensor, struck: Tensor, age: Tensor, level: Tensor) {
    (self.sounding, self.struck, self.age, self.level) = (sounding, struck, age, level)
  }

  package init(_ states: [KeyboardState], on device: Device) throws(TensorError) {
    func keys(_ value: (KeyboardState, Int) -> Float) throws(TensorError) -> Tensor {
      try Tensor(states.flatMap { state in (0..<128).map { value(state, $0) } }, [states.count, 128], on: device)
    }
    sounding = try keys { $0.isSounding($1) ? 1 : 0 }
    struck = try keys { $0.ticksSinceOnset(of: $1) == nil ? 0 : 1 }
    age = try keys { Float($0.ticksSinceOnset(of: $1) ?? 0) }
    level = try Tensor(
      states.flatMap { state in (0..<6).map { state.level == UInt8($0) ? Float(1) : 0 } }, [states.count, 6],
      on: device)
  }

  /// The states after another token, [b, 774].
  package func after(_ token: Tensor) throws(TensorError) -> SoftKeyboard {
    let parts = try token.split(1, into: [128, 128, 512, 6])
    let (starts, ends) = (parts[0], parts[1])
    let ticks = try Self.ticks(of: parts[2])
    return SoftKeyboard(
      sounding: try starts + (1 - starts - ends) * sounding,
      struck: try starts + (1 - starts) * struck,
      age: try (1 - starts) * age + ticks,
      level: try parts[3] + (1 - parts[3].sum(1, keeping: true)) * level)
  }

  /// The expected ticks that pass, from the probabilities of the time shifts: [… 512] → [… 1].
  static func ticks(of shifts: Tensor) throws(TensorError) -> Tensor {
    try shifts.matmul(Tensor((1...Token.longestShift).map(Float.init), [Token.longestShift, 1], on: shifts.device))
  }

  /// The `KeyPlanes` of the states, [b, 390].
  package func planes() throws(TensorError) -> Tensor {
    let logarithm = try (age.atMost(Self.longest) + 1).log() / Foundation.log(1 + Self.longest)
    let recency = try struck * (1 - logarithm)
    return try .concatenate([sounding, sounding * recency, recency, level], 1)
  }
}
