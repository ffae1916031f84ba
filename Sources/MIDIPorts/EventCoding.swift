package import CALSA
package import MusicCore

/// A type of event as stored in its record.
private func kind(_ type: snd_seq_event_type) -> UInt8 { UInt8(truncatingIfNeeded: type.rawValue) }

extension MIDIMessage {
  /// Calls `body` with this message as an event for all subscribers; its data is valid during the call.
  package func withEvent<R>(_ body: (inout snd_seq_event_t) -> R) -> R {
    var event = snd_seq_event_t.toSubscribers
    switch self {
    case .channel(let message): event.setChannel(message)
    case .system(let message): event.setSystem(message)
    case .systemExclusive: return withSystemExclusiveEvent(bytes, body)
    }
    return body(&event)
  }
}

/// Calls `body` with an event that carries the bytes of a system exclusive message, or a part of them.
func withSystemExclusiveEvent<R>(_ bytes: [UInt8], _ body: (inout snd_seq_event_t) -> R) -> R {
  var bytes = bytes
  return bytes.withUnsafeMutableBytes { buffer in
    var event = snd_seq_event_t.toSubscribers
    event.type = kind(SND_SEQ_EVENT_SYSEX)
    event.flags |= UInt8(SND_SEQ_EVENT_LENGTH_VARIABLE)
    event.data.ext.len = UInt32(buffer.count)
    event.data.ext.ptr = buffer.baseAddress
    return body(&event)
  }
}

extension snd_seq_event_t {
  fileprivate static var toSubscribers: snd_seq_event_t {
    var event = snd_seq_event_t()
    event.dest.client = UInt8(SND_SEQ_ADDRESS_SUBSCRIBERS)
    event.dest.port = UInt8(SND_SEQ_ADDRESS_UNKNOWN)
    return event
  }

  /// An event that carries the time at which it is to be delivered: on arrival, its stamp is the time at which it was.
  static func echo(at time: Seconds) -> snd_seq_event_t {
    var event = snd_seq_event_t()
    event.type = kind(SND_SEQ_EVENT_ECHO)
    event.data.time.time = snd_seq_real_time_t(time)
    return event
  }

  /// The time that an echo carries; nil if this is none.
  var echoedTime: Seconds? { type == kind(SND_SEQ_EVENT_ECHO) ? Seconds(data.time.time) : nil }

  fileprivate mutating func setChannel(_ message: ChannelMessage) {
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      setNote(kind(SND_SEQ_EVENT_NOTEON), message.channel, pitch, velocity.rawValue)
    case .noteOff(let pitch, let velocity):
      setNote(kind(SND_SEQ_EVENT_NOTEOFF), message.channel, pitch, velocity.rawValue)
    case .control(let control): setControl(message.channel, control)
    }
  }

  private mutating func setNote(_ type: UInt8, _ channel: Channel, _ pitch: Pitch, _ velocity: UInt8) {
    self.type = type
    data.note.channel = channel.rawValue
    data.note.note = pitch.rawValue
    data.note.velocity = velocity
  }

  private mutating func setControl(_ channel: Channel, _ message: ControlEvent.Message) {
    switch message {
    case .keyPressure(let pitch, let value):
      setNote(kind(SND_SEQ_EVENT_KEYPRESS), channel, pitch, value)
    case .controller(let controller, let value):
      setControl(kind(SND_SEQ_EVENT_CONTROLLER), channel, Int32(value), parameter: controller.rawValue)
    case .program(let program):
      setControl(kind(SND_SEQ_EVENT_PGMCHANGE), channel, Int32(program.rawValue))
    case .channelPressure(let value): setControl(kind(SND_SEQ_EVENT_CHANPRESS), channel, Int32(value))
    case .pitchBend(let value): setControl(kind(SND_SEQ_EVENT_PITCHBEND), channel, Int32(value))
    }
  }

  private mutating func setControl(_ type: UInt8, _ channel: Channel, _ value: Int32, parameter: UInt8 = 0) {
    self.type = type
    data.control.channel = channel.rawValue
    data.control.param = UInt32(parameter)
    data.control.value = value
  }

  fileprivate mutating func setSystem(_ message: MIDIMessage.System) {
    switch message {
    case .clock: type = kind(SND_SEQ_EVENT_CLOCK)
    case .start: type = kind(SND_SEQ_EVENT_START)
    case .continue: type = kind(SND_SEQ_EVENT_CONTINUE)
    case .stop: type = kind(SND_SEQ_EVENT_STOP)
    case .activeSensing: type = kind(SND_SEQ_EVENT_SENSING)
    case .reset: type = kind(SND_SEQ_EVENT_RESET)
    case .tuneRequest: type = kind(SND_SEQ_EVENT_TUNE_REQUEST)
    case .songPosition(let beats): setValue(kind(SND_SEQ_EVENT_SONGPOS), Int32(beats))
    case .songSelect(let song): setValue(kind(SND_SEQ_EVENT_SONGSEL), Int32(song))
    case .timecodeQuarterFrame(let value): setValue(kind(SND_SEQ_EVENT_QFRAME), Int32(value))
    }
  }

  private mutating func setValue(_ type: UInt8, _ value: Int32) {
    self.type = type
    data.control.value = value
  }

  var sender: PortAddress { PortAddress(client: source.client, port: source.port) }

  /// The bytes of an event of variable length.
  var variableData: UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: data.ext.ptr, count: Int(data.ext.len))
  }

  var isSystemExclusive: Bool { type == kind(SND_SEQ_EVENT_SYSEX) }

  /// The number of cells of the kernel's pool that the event took.
  var cells: Int {
    Int32(flags) & SND_SEQ_EVENT_LENGTH_MASK == SND_SEQ_EVENT_LENGTH_FIXED
      ? 1 : InputPoolCount.cells(dataBytes: Int(data.ext.len))
  }

  /// Calls `body` with the messages that the event stands for: none if it is not a MIDI message, several for a 14-bit
  /// controller or a parameter number, which MIDI sends in parts.
  package func forEachMessage(_ body: (MIDIMessage) -> Void) {
    switch type {
    case kind(SND_SEQ_EVENT_NOTEON):
      let note = data.note
      let (channel, pitch) = (Channel(status: note.channel), Pitch(masking: note.note))
      body(
        note.velocity > 0
          ? .noteOn(channel, pitch, Velocity(masking: note.velocity))
          : .noteOff(channel, pitch, Velocity(masking: 64)))
    case kind(SND_SEQ_EVENT_NOTEOFF):
      let note = data.note
      body(
        .noteOff(Channel(status: note.channel), Pitch(masking: note.note), Velocity(masking: note.velocity)))
    case kind(SND_SEQ_EVENT_KEYPRESS):
      let note = data.note
      body(
        .control(Channel(status: note.channel), .keyPressure(Pitch(masking: note.note), note.velocity & 0x7F)))
    case kind(SND_SEQ_EVENT_CONTROLLER)...kind(SND_SEQ_EVENT_REGPARAM):
      forEachControl { body(.control(Channel(status: data.control.channel), $0)) }
    default:
      if let message = systemMessage { body(.system(message)) }
    }
  }

  private func forEachControl(_ body: (ControlEvent.Message) -> Void) {
    let control = data.control
    let low = UInt8(truncatingIfNeeded: control.value & 0x7F)
    let high = UInt8(truncatingIfNeeded: control.value >> 7 & 0x7F)
    func send(_ number: UInt8, _ value: UInt8) { body(.controller(Controller(masking: number), value)) }
    func sendParameter(_ numbers: (high: UInt8, low: UInt8)) {
      send(numbers.high, UInt8(truncatingIfNeeded: control.param >> 7 & 0x7F))
      send(numbers.low, UInt8(truncatingIfNeeded: control.param & 0x7F))
      send(6, high)
      send(38, low)
    }
    switch type {
    case kind(SND_SEQ_EVENT_CONTROLLER): send(UInt8(truncatingIfNeeded: control.param & 0x7F), low)
    case kind(SND_SEQ_EVENT_PGMCHANGE): body(.program(Program(masking: low)))
    case kind(SND_SEQ_EVENT_CHANPRESS): body(.channelPressure(low))
    case kind(SND_SEQ_EVENT_PITCHBEND):
      body(.pitchBend(Int16(clamping: max(-8192, min(8191, control.value)))))
    case kind(SND_SEQ_EVENT_CONTROL14):
      let number = UInt8(truncatingIfNeeded: control.param & 0x7F)
      if number < 32 {
        send(number, high)
        send(number + 32, low)
      } else {
        send(number, low)
      }
    case kind(SND_SEQ_EVENT_NONREGPARAM): sendParameter((99, 98))
    default: sendParameter((101, 100))
    }
  }

  private var systemMessage: MIDIMessage.System? {
    switch type {
    case kind(SND_SEQ_EVENT_CLOCK): .clock
    case kind(SND_SEQ_EVENT_START): .start
    case kind(SND_SEQ_EVENT_CONTINUE): .continue
    case kind(SND_SEQ_EVENT_STOP): .stop
    case kind(SND_SEQ_EVENT_SENSING): .activeSensing
    case kind(SND_SEQ_EVENT_RESET): .reset
    case kind(SND_SEQ_EVENT_TUNE_REQUEST): .tuneRequest
    case kind(SND_SEQ_EVENT_SONGPOS):
      .songPosition(UInt16(truncatingIfNeeded: data.control.value & 0x3FFF))
    case kind(SND_SEQ_EVENT_SONGSEL): .songSelect(UInt8(truncatingIfNeeded: data.control.value & 0x7F))
    case kind(SND_SEQ_EVENT_QFRAME):
      .timecodeQuarterFrame(UInt8(truncatingIfNeeded: data.control.value & 0x7F))
    default: nil
    }
  }

  /// The change that an event of the announce port reports.
  var change: PortChange? {
    let address = PortAddress(client: data.addr.client, port: data.addr.port)
    return switch type {
    case kind(SND_SEQ_EVENT_CLIENT_START): .clientAppeared(address.client)
    case kind(SND_SEQ_EVENT_CLIENT_EXIT): .clientVanished(address.client)
    case kind(SND_SEQ_EVENT_CLIENT_CHANGE): .clientChanged(address.client)
    case kind(SND_SEQ_EVENT_PORT_START): .portAppeared(address)
    case kind(SND_SEQ_EVENT_PORT_EXIT): .portVanished(address)
    case kind(SND_SEQ_EVENT_PORT_CHANGE): .portChanged(address)
    case kind(SND_SEQ_EVENT_PORT_SUBSCRIBED): .connected(from: connection.sender, to: connection.receiver)
    case kind(SND_SEQ_EVENT_PORT_UNSUBSCRIBED): .disconnected(from: connection.sender, to: connection.receiver)
    default: nil
    }
  }

  private var connection: (sender: PortAddress, receiver: PortAddress) {
    let ends = data.connect
    return (
      PortAddress(client: ends.sender.client, port: ends.sender.port),
      PortAddress(client: ends.dest.client, port: ends.dest.port)
    )
  }
}
