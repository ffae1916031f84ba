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
  /// Channels of different ports are different; those in use are numbered as they come.
  private(set) var channelCount = 0
  private var numbers = [Int16](repeating: -1, count: 256 * 16)

  init(_ score: Score, options: EncodingOptions) {
    let tracks = score.tracks.indices.filter { options.tracks?.contains($0) ?? true }
    events.reserveCapacity(tracks.reduce(16) { $0 + score.tracks[$1].notes.count * 2 })
    let silences = Self.silences(in: score)
    for index in tracks {
      let track = score.tracks[index]
      for note in track.notes where options.includes(note.channel) {
        let isSilenced = !silences.isEmpty && silences.contains(Instant(note.end, note.channel, track.port))
        add(note, port: track.port, endsByItself: note.end <= note.onset || !isSilenced)
      }
    }
    // Pedals count for the whole channel, whichever track they are in.
    for track in score.tracks {
      for control in track.controls { add(control, port: track.port, options: options) }
    }
    events.radixSort()
  }

  private mutating func add(_ note: Note, port: UInt8, endsByItself: Bool) {
    let channel = number(of: note.channel, port: port)
    let pitch = note.pitch.rawValue
    let level = DynamicLevel(nearest: note.velocity)
    events.append(Event(.noteOn, tick: note.onset, channel: channel, pitch: pitch, level: level))
    guard endsByItself else { return }
    events.append(Event(.noteOff, tick: max(note.onset, note.end), channel: channel, pitch: pitch))
  }

  private mutating func add(_ control: ControlEvent, port: UInt8, options: EncodingOptions) {
    let kinds = KeyState.events(of: control.message, pedal: options.pedal)
    guard !kinds.isEmpty, options.includes(control.channel) else { return }
    // A channel without notes has nothing to hold.
    let index = Int(port) << 4 | Int(control.channel.rawValue)
    guard numbers[index] >= 0 else { return }
    for kind in kinds { events.append(Event(kind, tick: control.tick, channel: UInt16(numbers[index]))) }
  }

  // MARK: All notes off

  private struct Instant: Hashable {
    var tick: Tick
    var channel: Channel
    var port: UInt8

    init(_ tick: Tick, _ channel: Channel, _ port: UInt8) {
      self.tick = tick
      self.channel = channel
      self.port = port
    }
  }

  /// When all-notes-off or all-sound-off ends the notes of a channel. Those need no note-off of their own, which
  /// would end what starts at the same instant.
  private static func silences(in score: Score) -> Set<Instant> {
    var silences: Set<Instant> = []
    for track in score.tracks {
      for control in track.controls {
        guard case .controller(let number, _) = control.message else { continue }
        if number == .allNotesOff || number == .allSoundOff {
          silences.insert(Instant(control.tick, control.channel, track.port))
        }
      }
    }
    return silences
  }

  private mutating func number(of channel: Channel, port: UInt8) -> UInt16 {
    let index = Int(port) << 4 | Int(channel.rawValue)
    if numbers[index] < 0 {
      numbers[index] = Int16(channelCount)
      channelCount += 1
    }
    return UInt16(numbers[index])
  }
}

extension KeyState {
  /// What a control means for keys and pedals; nothing for most.
  static func events(of message: ControlEvent.Message, pedal: EncodingOptions.Pedal) -> [Event] {
    guard case .controller(let controller, let value) = message else { return [] }
    switch controller {
    case .allNotesOff: return [.allNotesOff]
    case .allSoundOff: return [.allSoundOff]
    case _ where pedal == .ignore: return []
    case .sustain: return [value >= 64 ? .sustainDown : .sustainUp]
    case .sostenuto: return [value >= 64 ? .sostenutoDown : .sostenutoUp]
    case .resetAll: return [.sustainUp, .sostenutoUp]
    default: return []
    }
  }
}
