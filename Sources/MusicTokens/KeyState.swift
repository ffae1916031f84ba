internal import MusicCore

/// The state of keys and pedals of all channels, which determines when notes start and when they end in sound.
///
/// Its tables are unmanaged memory, because copy-on-write checks took a fifth of the encoding time.
struct KeyState: ~Copyable, @unchecked Sendable {  // The memory has one owner and moves with it.
  /// An event of a channel that affects which notes sound.
  enum Event: UInt8 {
    case sustainDown, sostenutoDown, sustainUp, sostenutoUp, pedalsUp, allNotesOff, allSoundOff, noteOn, noteOff
  }

  private struct ChannelState {
    var isSustaining = false
    var isSostenutoDown = false
    /// The keys that are down.
    var down = PitchSet()
    /// All released keys whose sound a pedal sustains, and possibly some that are down again.
    var ringing = PitchSet()
    /// The keys that the sostenuto pedal holds.
    var caught = PitchSet()
  }

  var writer = TokenWriter()
  private let channelCount: Int
  private let channels: UnsafeMutablePointer<ChannelState>
  /// The serial number of the note that each key started, by channel and pitch; 0 for none.
  private let serials: UnsafeMutablePointer<Int32>

  /// - Parameter channelCount: channels are numbered below this.
  init(channelCount: Int) {
    self.channelCount = channelCount
    channels = .allocate(capacity: channelCount)
    channels.initialize(repeating: ChannelState(), count: channelCount)
    serials = .allocate(capacity: channelCount * 128)
    serials.initialize(repeating: 0, count: channelCount * 128)
  }

  deinit {
    channels.deallocate()
    serials.deallocate()
  }

  /// Applies an event at a tick of 1/64 s, not before the previous one. Keys that are down come up before they are
  /// pressed again (`KeyPresses`).
  @inline(__always)
  mutating func apply(_ event: Event, channel: Int, pitch: Int, level: DynamicLevel, at tick: Int) {
    writer.advance(to: tick)
    switch event {
    case .noteOn: noteOn(channel, pitch, level)
    case .noteOff: noteOff(channel, pitch)
    default: applyControl(event, channel: channel)
    }
  }

  /// Resets the instrument: pedals come up and every sound ends, on all channels.
  mutating func reset(at tick: Int) {
    writer.advance(to: tick)
    for channel in 0..<channelCount {
      applyControl(.pedalsUp, channel: channel)
      applyControl(.allSoundOff, channel: channel)
    }
  }

  @inline(__always)
  private mutating func noteOn(_ channel: Int, _ pitch: Int, _ level: DynamicLevel) {
    let key = channel << 7 | pitch
    channels[channel].down.insert(pitch)
    serials[key] = writer.start(pitch, level: level, held: serials[key])
  }

  @inline(__always)
  private mutating func noteOff(_ channel: Int, _ pitch: Int) {
    channels[channel].down.remove(pitch)
    if channels[channel].isSustaining || channels[channel].caught.contains(pitch) {
      channels[channel].ringing.insert(pitch)
    } else {
      silence(channel, pitch)
    }
  }

  @inline(__always)
  private mutating func silence(_ channel: Int, _ pitch: Int) {
    let key = channel << 7 | pitch
    writer.end(pitch, serial: serials[key])
    serials[key] = 0
  }

  private mutating func applyControl(_ event: Event, channel: Int) {
    switch event {
    case .sustainDown:
      channels[channel].isSustaining = true
    case .sustainUp:
      channels[channel].isSustaining = false
      dampStrings(of: channel)
    case .sostenutoDown:
      guard !channels[channel].isSostenutoDown else { return }
      channels[channel].isSostenutoDown = true
      channels[channel].caught = channels[channel].down
    case .sostenutoUp:
      channels[channel].isSostenutoDown = false
      channels[channel].caught = PitchSet()
      dampStrings(of: channel)
    case .pedalsUp:
      applyControl(.sustainUp, channel: channel)
      applyControl(.sostenutoUp, channel: channel)
    case .allNotesOff:
      releaseKeys(of: channel)
    case .allSoundOff:
      releaseKeys(of: channel)
      var ringing = channels[channel].ringing
      channels[channel].ringing = PitchSet()
      while let pitch = ringing.popFirst() { silence(channel, pitch) }
      // The sostenuto pedal no longer holds any note.
      channels[channel].caught = PitchSet()
    case .noteOn, .noteOff:
      break
    }
  }

  /// Ends the sounding notes that no pedal holds any longer.
  private mutating func dampStrings(of channel: Int) {
    guard !channels[channel].isSustaining else { return }
    var ringing = channels[channel].ringing
    channels[channel].ringing = PitchSet()
    while let pitch = ringing.popFirst() {
      if channels[channel].caught.contains(pitch) {
        channels[channel].ringing.insert(pitch)
      } else if !channels[channel].down.contains(pitch) {
        silence(channel, pitch)
      }
    }
  }

  private mutating func releaseKeys(of channel: Int) {
    var down = channels[channel].down
    while let pitch = down.popFirst() { noteOff(channel, pitch) }
  }
}
