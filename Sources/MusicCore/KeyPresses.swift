/// Counts the presses of each key of each channel: a key is up when it has been released as often as it was pressed
/// (MIDI 1.0 requires a note-off for every note-on).
package struct KeyPresses: Sendable {
  /// By channel and pitch.
  private var counts: [UInt32]
  /// The keys of each channel that are down.
  private var down: [PitchSet]

  /// - Parameter channelCount: channels are numbered below this.
  package init(channelCount: Int) {
    counts = Array(repeating: 0, count: channelCount * 128)
    down = Array(repeating: PitchSet(), count: channelCount)
  }

  /// A key is pressed; returns whether it was down already.
  package mutating func press(_ pitch: Int, channel: Int) -> Bool {
    let key = channel << 7 | pitch
    counts[key] &+= 1
    down[channel].insert(pitch)
    return counts[key] > 1
  }

  /// A key is released once; returns whether it then comes up.
  package mutating func release(_ pitch: Int, channel: Int) -> Bool {
    let key = channel << 7 | pitch
    guard counts[key] > 0 else { return false }
    counts[key] &-= 1
    guard counts[key] == 0 else { return false }
    down[channel].remove(pitch)
    return true
  }

  /// All keys of a channel come up.
  package mutating func releaseAll(channel: Int) {
    while let pitch = down[channel].popFirst() { counts[channel << 7 | pitch] = 0 }
  }

  /// All keys of all channels come up.
  package mutating func releaseAll() {
    for channel in down.indices { releaseAll(channel: channel) }
  }

  /// The keys that are down, each once.
  package var keysDown: [(channel: Int, pitch: Int)] {
    down.enumerated().flatMap { channel, keys in (0..<128).filter(keys.contains).map { (channel, $0) } }
  }
}

/// Numbers the channels in use in order of appearance; channels of different ports are distinct.
package struct ChannelNumbers: Sendable {
  package private(set) var count = 0
  private var numbers = [Int16](repeating: -1, count: 256 * 16)

  package init() {}

  /// The number of a channel, or nil if it has none.
  package subscript(channel: UInt8, port port: UInt8) -> Int? {
    let number = numbers[Int(port) << 4 | Int(channel)]
    return number < 0 ? nil : Int(number)
  }

  /// Gives a channel a number if it has none.
  package mutating func add(_ channel: UInt8, port: UInt8) {
    let index = Int(port) << 4 | Int(channel)
    guard numbers[index] < 0 else { return }
    numbers[index] = Int16(count)
    count += 1
  }
}
