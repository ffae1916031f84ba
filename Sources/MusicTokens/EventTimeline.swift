internal import MusicCore

/// The keys and pedals of all selected tracks of a score in one order of time.
struct EventTimeline {
  /// An event in 16 bytes, most of them the key by which it is sorted.
  struct Event: RadixSortable {
    /// The tick and, in the low three bits, the rank among the events of one instant.
    let key: UInt64
    let channel: UInt16
    let kind: KeyState.Event
    let pitch: UInt8
    let level: DynamicLevel

    @inline(__always)
    init(_ kind: KeyState.Event, tick: Tick, channel: UInt16, pitch: UInt8 = 0, level: DynamicLevel = .pp) {
      key = UInt64(bitPattern: max(0, tick.rawValue)) << 3 | kind.rank
      self.channel = channel
      self.kind = kind
      self.pitch = pitch
      self.level = level
    }

    @inline(__always)
    var tick: Tick { Tick(rawValue: Int64(key >> 3)) }
  }

  private(set) var events: [Event] = []
  private var channels = ChannelNumbers()
  /// The events are on channels numbered below this.
  var channelCount: Int { channels.count }

  init(_ score: Score, options: EncodingOptions) {
    let tracks = score.tracks.indices.filter { options.tracks?.contains($0) ?? true }.map { score.tracks[$0] }
    let included = options.channelSet
    addNotes(of: tracks, on: included)
    // Pedals count for the whole channel, whichever track they are in.
    var silences: Set<UInt64> = []
    for track in score.tracks {
      for control in track.controls where included.contains(control.channel) {
        guard let kind = KeyState.Event(control.message, pedal: options.pedal) else { continue }
        // A channel without notes has nothing to hold.
        guard let channel = channels[control.channel, port: track.port] else { continue }
        let event = Event(kind, tick: control.tick, channel: channel)
        events.append(event)
        if kind == .allNotesOff || kind == .allSoundOff { silences.insert(Self.instant(event)) }
      }
    }
    if !silences.isEmpty { removeEnds(at: silences) }
    events.radixSort()
  }

  private mutating func addNotes(of tracks: [Track], on included: EncodingOptions.ChannelSet) {
    let capacity = 2 * tracks.reduce(0) { $0 + $1.notes.count }
    events = Array(unsafeUninitializedCapacity: capacity) { events, count in
      for track in tracks {
        for note in track.notes where included.contains(note.channel) {
          let channel = channels.number(of: note.channel, port: track.port)
          let pitch = note.pitch.rawValue
          let level = DynamicLevel(nearest: note.velocity)
          events.initializeElement(
            at: count, to: Event(.noteOn, tick: note.onset, channel: channel, pitch: pitch, level: level))
          events.initializeElement(
            at: count &+ 1, to: Event(.noteOff, tick: max(note.onset, note.end), channel: channel, pitch: pitch))
          count &+= 2
        }
      }
    }
  }

  /// Notes that an all-notes-off ends need no note-off, which would end what starts at the same instant.
  private mutating func removeEnds(at silences: Set<UInt64>) {
    var onsets: [UInt64: Int] = [:]
    for event in events where event.kind == .noteOn && silences.contains(Self.instant(event)) {
      onsets[Self.instant(event) << 7 | UInt64(event.pitch), default: 0] += 1
    }
    events.removeAll { event in
      guard event.kind == .noteOff, silences.contains(Self.instant(event)) else { return false }
      // As many note-offs stay as notes without length end here.
      let key = Self.instant(event) << 7 | UInt64(event.pitch)
      onsets[key, default: 0] -= 1
      return onsets[key, default: 0] < 0
    }
  }

  private static func instant(_ event: Event) -> UInt64 { (event.key >> 3) << 12 | UInt64(event.channel) }
}

/// Numbers the channels in use as they come; channels of different ports are different.
struct ChannelNumbers {
  private(set) var count = 0
  private var numbers = [Int16](repeating: -1, count: 256 * 16)

  subscript(channel: Channel, port port: UInt8) -> UInt16? { UInt16(exactly: numbers[Self.index(channel, port)]) }

  @inline(__always)
  mutating func number(of channel: Channel, port: UInt8) -> UInt16 {
    let index = Self.index(channel, port)
    if numbers[index] < 0 { take(index) }
    return UInt16(truncatingIfNeeded: numbers[index])
  }

  private mutating func take(_ index: Int) {
    numbers[index] = Int16(count)
    count += 1
  }

  @inline(__always)
  private static func index(_ channel: Channel, _ port: UInt8) -> Int { Int(port) << 4 | Int(channel.rawValue) }
}

extension KeyState.Event {
  /// What a control means for keys and pedals; nil for most.
  @inline(__always)
  init?(_ message: ControlEvent.Message, pedal: EncodingOptions.Pedal) {
    guard case .controller(let controller, let value) = message else { return nil }
    switch controller.rawValue {
    case Controller.allNotesOff.rawValue: self = .allNotesOff
    case Controller.allSoundOff.rawValue: self = .allSoundOff
    case _ where pedal == .ignore: return nil
    case Controller.sustain.rawValue: self = value >= 64 ? .sustainDown : .sustainUp
    case Controller.sostenuto.rawValue: self = value >= 64 ? .sostenutoDown : .sostenutoUp
    case Controller.resetAll.rawValue: self = .pedalsUp
    default: return nil
    }
  }
}
