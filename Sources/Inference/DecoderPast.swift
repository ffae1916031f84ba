internal import MusicFeatures

/// The history that a decoder state needs to rewind: the last tokens of a stream, the keyboard state before them, and
/// the latents in force.
struct DecoderPast {
  /// The latents in force from a position on; nil for none.
  struct Use {
    var position: Int
    var latents: Latents?
    /// The offset of that position in the latents' window.
    var offset: Int
  }

  private let capacity: Int
  /// The token at each of the last positions, by the position modulo `capacity`.
  private let tokens: UnsafeMutablePointer<UInt16>
  /// The first position that can be rewound to.
  private(set) var first = 0
  /// The position after the last one that was ever written: what lies `capacity` before it may be overwritten.
  private(set) var end = 0
  /// The keyboard state at `first`.
  private var keyboard = KeyboardState()
  /// In order of position; the first is in force at `first`.
  private var uses = [Use(position: 0, latents: nil, offset: 0)]

  init(capacity: Int, in arena: Arena) {
    self.capacity = capacity
    tokens = arena.bytes(capacity * MemoryLayout<UInt16>.stride).bindMemory(to: UInt16.self, capacity: capacity)
  }

  static func byteCount(_ capacity: Int) -> Int { capacity * MemoryLayout<UInt16>.stride + 64 }

  /// Begins a stream at a position; the latents in force stay, from their start.
  mutating func begin(at position: Int, _ keyboard: KeyboardState) {
    (first, end) = (position, position)
    self.keyboard = keyboard
    uses = [Use(position: position, latents: uses.last?.latents, offset: 0)]
  }

  /// Copies the history of another state of the same capacity.
  mutating func copy(_ other: DecoderPast) {
    tokens.update(from: other.tokens, count: capacity)
    (first, end, keyboard, uses) = (other.first, other.end, other.keyboard, other.uses)
  }

  /// Records latents that are in force from a position on, which must not lie before an earlier one.
  mutating func note(_ latents: Latents, at offset: Int, position: Int) {
    let use = Use(position: position, latents: latents, offset: offset)
    if uses.last?.position == position { uses[uses.count - 1] = use } else { uses.append(use) }
  }

  /// Records the token at a position. O(1).
  mutating func append(_ token: UInt16, at position: Int) {
    if position >= end {
      end = position + 1
      if end - first > capacity { forgetFirst() }
    }
    tokens[position % capacity] = token
  }

  private mutating func forgetFirst() {
    keyboard.apply(tokens[first % capacity])
    first += 1
    if uses.count > 1, uses[1].position <= first { uses.removeFirst() }
  }

  /// Rewinds to a position: returns the keyboard state and latents in force there, and whether later latents were
  /// removed. O(tokens).
  mutating func goBack(to position: Int) -> (keyboard: KeyboardState, use: Use, latentsChange: Bool) {
    var keyboard = keyboard
    for position in first..<position { keyboard.apply(tokens[position % capacity]) }
    let count = uses.count
    while uses.count > 1, uses[uses.count - 1].position > position { uses.removeLast() }
    return (keyboard, uses[uses.count - 1], uses.count < count)
  }
}
