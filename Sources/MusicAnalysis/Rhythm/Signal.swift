internal import Glibc

/// Channels of a sequence with zeros on both sides, so that a convolution needs no special case at the ends.
struct Signal {
  let channels: Int
  let count: Int
  let margin: Int
  /// Floats from one channel to the next; a multiple of the vector width past both margins.
  let stride: Int
  private(set) var storage: [Float]

  init(channels: Int, count: Int, margin: Int) {
    self.channels = channels
    self.count = count
    self.margin = margin
    stride = (count + 7) / 8 * 8 + 2 * margin
    storage = [Float](repeating: 0, count: channels * stride)
  }

  /// A signal of `rows`, channel after channel, each of `count` values.
  init(rows: [Float], count: Int, margin: Int) {
    self.init(channels: count == 0 ? 0 : rows.count / count, count: count, margin: margin)
    for channel in 0..<channels {
      let start = channel * stride + margin
      storage.replaceSubrange(start..<start + count, with: rows[channel * count..<(channel + 1) * count])
    }
  }

  func row(_ channel: Int) -> [Float] {
    let start = channel * stride + margin
    return Array(storage[start..<start + count])
  }

  /// Sets negative values to zero.
  mutating func rectify() {
    storage.withUnsafeMutableBufferPointer { values in
      for index in values.indices { values[index] = max(0, values[index]) }
    }
  }

  /// Copies the channels of a signal of the same length into the first channels of this one.
  mutating func copyChannels(of other: Signal) {
    storage.replaceSubrange(0..<other.storage.count, with: other.storage)
  }

  /// Sets two channels to the log distance in time to the element `dilation` before and after, zero where none is.
  mutating func setDistances(_ times: [Double], dilation: Int, channel: Int) {
    let before = channel * stride + margin
    let after = before + stride
    for index in 0..<count {
      storage[before + index] = 0
      storage[after + index] = 0
    }
    guard count > dilation else { return }
    for index in dilation..<count {
      let seconds = max(times[index] - times[index - dilation], 0.02)
      let distance = Float(log(min(max(seconds / (0.2 * Double(dilation)), 0.1), 10)))
      storage[before + index] = distance
      storage[after + index - dilation] = distance
    }
  }

  /// Runs `body` with the address of the first value and lets it write; margins are cleared afterwards.
  mutating func withMutableValues(_ body: (UnsafeMutablePointer<Float>) -> Void) {
    storage.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      body(base)
      for channel in 0..<channels {
        for index in margin + count..<stride { base[channel * stride + index] = 0 }
      }
    }
  }
}
