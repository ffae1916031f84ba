internal import MusicCore

/// What the keys and pedals of the channels do to the sound: which pitch starts, and when it really ends.
///
/// Its tables are plain memory, because copy-on-write checks took a fifth of the time of encoding.
struct KeyState: ~Copyable, @unchecked Sendable {  // The memory has this one owner and goes where it goes.
  /// An event of a channel, as far as it matters for what sounds.
  enum Event: UInt8 {
    // In the order in which events of one instant take effect.
    case sustainDown, sostenutoDown, sustainUp, sostenutoUp, pedalsUp, allNotesOff, allSoundOff, noteOn, noteOff

    /// What comes first of the events of one instant: pedals down, pedals up, all off, note-ons, note-offs.
    var rank: UInt64 {
      switch self {
      case .sustainDown, .sostenutoDown: 0
      case .sustainUp, .sostenutoUp, .pedalsUp: 1
      case .allNotesOff, .allSoundOff: 2
      case .noteOn: 3
      case .noteOff: 4
      }
    }
  }

  private struct ChannelState {
    var isSustaining = false
    var isSostenutoDown = false
    /// All keys that are down, and perhaps some that no longer are.
    var down = PitchSet()
    /// All keys that are up and whose strings a pedal lets ring, and perhaps some that are down again.
    var ringing = PitchSet()
    /// What the sostenuto pedal caught when it went down.
    var caught = PitchSet()
  }

  var writer = TokenWriter()
  private let channels: UnsafeMutablePointer<ChannelState>
  /// By channel and pitch.
  private let keys: UnsafeMutablePointer<Key>

  private struct Key {
    /// How often the key is down: overlapping notes of one pitch.
    var count: Int32 = 0
    /// The serial number of the note it started, 0 for none.
    var serial: Int32 = 0
  }

  /// - Parameter channelCount: channels are numbered below this.
  init(channelCount: Int) {
    channels = .allocate(capacity: channelCount)
    channels.initialize(repeating: ChannelState(), count: channelCount)
    keys = .allocate(capacity: channelCount * 128)
    keys.initialize(repeating: Key(), count: channelCount * 128)
  }

  deinit {
    channels.deallocate()
    keys.deallocate()
  }

  /// Takes an event at a tick of 1/64 s, not before the last one. Events of one instant come by `Event.rank`.
  @inline(__always)
  mutating func apply(_ event: Event, channel: Int, pitch: Int, level: DynamicLevel, at tick: Int) {
    writer.advance(to: tick)
    switch event {
    case .noteOn: noteOn(channel, pitch, level)
    case .noteOff: noteOff(channel, pitch)
    default: applyControl(event, channel: channel)
    }
  }

  @inline(__always)
  private mutating func noteOn(_ channel: Int, _ pitch: Int, _ level: DynamicLevel) {
    let key = channel << 7 | pitch
    channels[channel].down.insert(pitch)
    keys[key].count += 1
    keys[key].serial = writer.start(pitch, level: level, held: keys[key].serial)
  }

  @inline(__always)
  private mutating func noteOff(_ channel: Int, _ pitch: Int) {
    let key = channel << 7 | pitch
    let count = keys[key].count
    guard count > 0 else { return }
    keys[key].count = count - 1
    // The first of overlapping notes ends first, and has been cut by the next: only the last one matters.
    if count == 1 { release(channel, pitch) }
  }

  /// A key comes up.
  @inline(__always)
  private mutating func release(_ channel: Int, _ pitch: Int) {
    if channels[channel].isSustaining || channels[channel].caught.contains(pitch) {
      channels[channel].ringing.insert(pitch)
    } else {
      silence(channel, pitch)
    }
  }

  @inline(__always)
  private mutating func silence(_ channel: Int, _ pitch: Int) {
    let key = channel << 7 | pitch
    writer.end(pitch, serial: keys[key].serial)
    keys[key].serial = 0
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
      channels[channel].caught = keysDown(on: channel)
      channels[channel].caught.formUnion(channels[channel].ringing)
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
    case .noteOn, .noteOff:
      break
    }
  }

  /// Ends what rings and no pedal holds any longer.
  private mutating func dampStrings(of channel: Int) {
    guard !channels[channel].isSustaining else { return }
    var ringing = channels[channel].ringing
    channels[channel].ringing = PitchSet()
    while let pitch = ringing.popFirst() {
      if channels[channel].caught.contains(pitch) {
        channels[channel].ringing.insert(pitch)
      } else if keys[channel << 7 | pitch].count == 0 {
        silence(channel, pitch)
      }
    }
  }

  private func keysDown(on channel: Int) -> PitchSet {
    var candidates = channels[channel].down
    var down = PitchSet()
    while let pitch = candidates.popFirst() {
      if keys[channel << 7 | pitch].count > 0 { down.insert(pitch) }
    }
    return down
  }

  private mutating func releaseKeys(of channel: Int) {
    var down = keysDown(on: channel)
    channels[channel].down = PitchSet()
    while let pitch = down.popFirst() {
      keys[channel << 7 | pitch].count = 0
      release(channel, pitch)
    }
  }
}
