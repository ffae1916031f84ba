package import MusicCore

package typealias SeededGenerator = SplitMix64

extension SplitMix64 {
  /// True once in `n` times.
  package mutating func oneIn(_ n: Int) -> Bool { Int.random(in: 0..<n, using: &self) == 0 }
}
