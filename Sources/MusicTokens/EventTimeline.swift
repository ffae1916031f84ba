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
    addNotes(of: tracks, on: options.includedChannels, silences: Self.silences(in: score))
    // Pedals count for the whole channel, whichever track they are in.
    for track in score.tracks {
      for control in track.controls {
        guard let kind = KeyState.Event(control.message, pedal: options.pedal) else { continue }
        // A channel without notes has nothing to hold.
        guard let channel = channels[control.channel, port: track.port] else { continue }
        events.append(Event(kind, tick: control.tick, channel: channel))
      }
    }
    events.radixSort()
  }

  private mutating func addNotes(of tracks: [Track], on included: ChannelSet, silences: Set<Instant>) {
    let capacity = 2 * tracks.reduce(0) { $0 + $1.notes.count }
    events = Array(unsafeUninitializedCapacity: capacity) { events, count in
      for track in tracks {
        for note in track.notes where included.contains(note.channel) {
          let channel = channels.number(of: note.channel, port: track.port)
          let pitch = note.pitch.rawValue
          let level = DynamicLevel(nearest: note.velocity)
          events.initializeElement(
            at: count, to: Event(.noteOn, tick: note.onset, channel: channel, pitch: pitch, level: level))
          count &+= 1
          let endsByItself =
            silences.isEmpty || note.end <= note.onset
            || !silences.contains(Instant(tick: note.end, channel: note.channel, port: track.port))
          guard endsByItself else { continue }
          events.initializeElement(
            at: count, to: Event(.noteOff, tick: max(note.onset, note.end), channel: channel, pitch: pitch))
          count &+= 1
        }
      }
    }
  }

  // MARK: All notes off

  private struct Instant: Hashable {
    var tick: Tick
    var channel: Channel
    var port: UInt8
  }

  /// When all-notes-off or all-sound-off ends the notes of a channel. Those need no note-off of their own, which
  /// would end what starts at the same instant.
  private static func silences(in score: Score) -> Set<Instant> {
    var silences: Set<Instant> = []
    for track in score.tracks {
      for control in track.controls {
        let kind = KeyState.Event(control.message, pedal: .ignore)
        guard kind == .allNotesOff || kind == .allSoundOff else { continue }
        silences.insert(Instant(tick: control.tick, channel: control.channel, port: track.port))
      }
    }
    return silences
  }
}

/// Numbers the channels in use as they come; channels of different ports are different.
private struct ChannelNumbers {
  private(set) var count = 0
  private var numbers = [Int16](repeating: -1, count: 256 * 16)

  /// The number of a channel, or nil where it has none.
  subscript(channel: Channel, port port: UInt8) -> UInt16? { UInt16(exactly: numbers[Self.index(channel, port)]) }

  /// The number of a channel, which gets one where it has none.
  @inline(__always)
  mutating func number(of channel: Channel, port: UInt8) -> UInt16 {
    let index = Self.index(channel, port)
    if numbers[index] < 0 { addNumber(at: index) }
    return UInt16(truncatingIfNeeded: numbers[index])
  }

  private mutating func addNumber(at index: Int) {
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
    switch controller {
    case .allNotesOff: self = .allNotesOff
    case .allSoundOff: self = .allSoundOff
    case _ where pedal == .ignore: return nil
    case .sustain: self = value >= 64 ? .sustainDown : .sustainUp
    case .sostenuto: self = value >= 64 ? .sostenutoDown : .sostenutoUp
    case .resetAll: self = .pedalsUp
    default: return nil
    }
  }
}
