internal import CALSA
internal import Glibc
internal import MusicCore

extension Sequencer {
  /// The result of a read.
  enum Reading {
    case event(UnsafePointer<snd_seq_event_t>, more: Bool)
    /// No event is available.
    case nothing
    /// The input pool overflowed, and the kernel has cleared it.
    case overrun
  }

  /// The next event; it stays valid until the next call.
  func read() throws(PortError) -> Reading {
    var event: UnsafeMutablePointer<snd_seq_event_t>?
    let code = snd_seq_event_input(handle, &event)
    switch code {
    case -EAGAIN, -EINTR: return .nothing
    case -ENOSPC: return .overrun
    case ..<0: throw PortError.refused(.receive, code: -code)
    default:
      guard let event else { return .nothing }
      return .event(event, more: code > 0)
    }
  }

  /// Sends a message at once to the subscribers of a port.
  ///
  /// - Returns: false where the kernel has no room for it now.
  func send(_ message: MIDIMessage, from port: UInt8) throws(PortError) -> Bool {
    let code = message.withEvent { event in
      event.source.port = port
      event.queue = UInt8(SND_SEQ_QUEUE_DIRECT)
      return snd_seq_event_output_direct(handle, &event)
    }
    return try isAccepted(code)
  }

  /// Puts a message in the output buffer, to be delivered at `time` of the queue.
  ///
  /// - Returns: false if the buffer is full and the kernel has no room.
  func schedule(
    _ message: MIDIMessage, from port: UInt8, at time: Seconds, on queue: Int32
  ) throws(PortError) -> Bool {
    let code = message.withEvent { output(&$0, from: port, at: time, on: queue) }
    return try isAccepted(code)
  }

  /// The same for the bytes of a part of a system exclusive message.
  func schedule(
    _ piece: ArraySlice<UInt8>, from port: UInt8, at time: Seconds, on queue: Int32
  ) throws(PortError) -> Bool {
    let code = withSystemExclusiveEvent(Array(piece)) { output(&$0, from: port, at: time, on: queue) }
    return try isAccepted(code)
  }

  private func output(
    _ event: inout snd_seq_event_t, from port: UInt8, at time: Seconds, on queue: Int32
  ) -> Int32 {
    event.source.port = port
    // The tag selects the events to cancel: the kernel cannot select them by the sending port.
    event.tag = port
    event.queue = UInt8(clamping: queue)
    event.flags |= UInt8(SND_SEQ_TIME_STAMP_REAL | SND_SEQ_TIME_MODE_ABS)
    event.time.time = snd_seq_real_time_t(time)
    return snd_seq_event_output(handle, &event)
  }

  /// Puts an event in the output buffer that is delivered to this client itself at `time` of the queue.
  ///
  /// - Returns: false if the buffer is full and the kernel has no room.
  func scheduleEcho(at time: Seconds, on queue: Int32) throws(PortError) -> Bool {
    var event = snd_seq_event_t.echo(at: time)
    event.dest.client = client
    event.dest.port = Self.announcementPort
    return try isAccepted(output(&event, from: Self.announcementPort, at: time, on: queue))
  }

  /// Hands the output buffer to the kernel.
  ///
  /// - Returns: false if the kernel has no room for all of it now.
  func flush() throws(PortError) -> Bool {
    let code = snd_seq_drain_output(handle)
    return try isAccepted(code) && code == 0
  }

  private func isAccepted(_ code: Int32) throws(PortError) -> Bool {
    switch code {
    case -EAGAIN, -EINTR: return false
    case ..<0: throw PortError.refused(.send, code: -code)
    default: return true
    }
  }

  /// Cancels the scheduled events of a port at `time` or later: all of them, or only note-ons. The kernel does this
  /// between two deliveries.
  func cancel(_ port: UInt8, from time: Seconds, onlyOnsets: Bool) {
    var condition: OpaquePointer?
    guard snd_seq_remove_events_malloc(&condition) == 0 else { return }
    defer { snd_seq_remove_events_free(condition) }
    var flags = SND_SEQ_REMOVE_OUTPUT | SND_SEQ_REMOVE_TIME_AFTER | SND_SEQ_REMOVE_TAG_MATCH
    if onlyOnsets { flags |= SND_SEQ_REMOVE_EVENT_TYPE }
    snd_seq_remove_events_set_condition(condition, UInt32(flags))
    var stamp = snd_seq_timestamp_t(time: snd_seq_real_time_t(time))
    snd_seq_remove_events_set_time(condition, &stamp)
    snd_seq_remove_events_set_tag(condition, Int32(port))
    snd_seq_remove_events_set_event_type(condition, Int32(SND_SEQ_EVENT_NOTEON.rawValue))
    snd_seq_remove_events(handle, condition)
  }

  /// Cancels everything that is scheduled and not yet delivered.
  func dropOutput() { snd_seq_drop_output(handle) }
}
