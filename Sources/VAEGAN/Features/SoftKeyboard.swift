internal import Foundation
package import MusicFeatures
package import Tensors

/// The expected keyboard state under distributions over tokens, as `KeyPlanes`: equal to those of `KeyboardState` for
/// one-hot tokens, and differentiable through all positions.
package enum SoftKeyboard {
  /// The planes before the first token and after each.
  ///
  /// - Parameters:
  ///   - tokens: distributions over the tokens, [b, n, 774].
  ///   - starts: the keyboard state before the first token of each item.
  /// - Returns: [b, n + 1, 390].
  /// - Complexity: O(n) sequential operations.
  package static func planes(_ tokens: Tensor, from starts: [KeyboardState]) throws(TensorError) -> Tensor {
    var state = try State(starts, on: tokens.device)
    var rows = [try state.planes()]
    for position in 0..<tokens.shape[1] {
      state = try state.after(tokens.slice(1, position..<position + 1).reshaped([starts.count, tokens.shape[2]]))
      rows.append(try state.planes())
    }
    return try .stack(rows, 1)
  }

  /// The expected keyboard state of a batch.
  private struct State {
    /// The probabilities that a key sounds and that it was ever struck, and the ticks since then: [b, 128].
    let sounding, struck, age: Tensor
    /// The probability of each level, [b, 6].
    let level: Tensor

    private static let longest = 8192.0

    init(sounding: Tensor, struck: Tensor, age: Tensor, level: Tensor) {
      (self.sounding, self.struck, self.age, self.level) = (sounding, struck, age, level)
    }

    init(_ states: [KeyboardState], on device: Device) throws(TensorError) {
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

    /// - Parameter token: [b, 774].
    func after(_ token: Tensor) throws(TensorError) -> State {
      let parts = try token.split(1, into: [128, 128, 512, 6])
      let (starts, ends) = (parts[0], parts[1])
      let lengths = try Tensor((1...512).map(Float.init), [512, 1], on: token.device)
      let ticks = try parts[2].matmul(lengths)  // [b, 1]
      return State(
        sounding: try starts + (1 - starts - ends) * sounding,
        struck: try starts + (1 - starts) * struck,
        age: try (1 - starts) * age + ticks,
        level: try parts[3] + (1 - parts[3].sum(1, keeping: true)) * level)
    }

    func planes() throws(TensorError) -> Tensor {
      let logarithm = try (age.atMost(Self.longest) + 1).log() / Foundation.log(1 + Self.longest)
      let recency = try struck * (1 - logarithm)
      return try .concatenate([sounding, sounding * recency, recency, level], 1)
    }
  }
}
