internal import CALSA
internal import Glibc
internal import MusicCore

/// A client of the ALSA sequencer with its ports, connections and queue.
///
/// No function blocks, and only one thread may use it at a time. `SequencerClient` adds a thread.
struct Sequencer: ~Copyable {
  let handle: OpaquePointer
  /// The number that the kernel gave this client.
  let client: UInt8
  /// The file descriptor to poll for input and for room to write.
  let descriptor: Int32

  /// The number of cells for events that wait to be read or delivered: the most that the kernel allows, because its
  /// defaults of 200 and 500 overflow in bursts.
  static let poolSize = 2000

  /// Opens the sequencer under a name that other programs see.
  ///
  /// - Throws: `PortError.unavailable` if it is missing or not permitted.
  init(name: String) throws(PortError) {
    calsa_silence()
    var opened: OpaquePointer?
    let code = snd_seq_open(&opened, "default", SND_SEQ_OPEN_DUPLEX, SND_SEQ_NONBLOCK)
    guard code >= 0, let opened else { throw PortError.unavailable(code: -code) }
    handle = opened
    client = UInt8(clamping: snd_seq_client_id(opened))
    snd_seq_set_client_name(opened, name)
    var descriptors = pollfd()
    snd_seq_poll_descriptors(opened, &descriptors, 1, Int16(POLLIN | POLLOUT))
    descriptor = descriptors.fd
    snd_seq_set_client_pool_input(opened, Self.poolSize)
    snd_seq_set_client_pool_output(opened, Self.poolSize)
    snd_seq_set_client_pool_output_room(opened, Self.poolSize)
    // Room for the largest event that fits in the pool.
    snd_seq_set_input_buffer_size(opened, 1 << 16)
    snd_seq_set_output_buffer_size(opened, 1 << 16)
  }

  deinit { snd_seq_close(handle) }

  /// Sets whether polling reports when the output pool has some room again, rather than only when it is empty.
  ///
  /// While the requested room is free, the kernel wakes a polling thread with every event that it delivers, even if the
  /// thread polls only for input, and that delays the receiver.
  func awaitRoom(_ isAwaited: Bool) {
    snd_seq_set_client_pool_output_room(handle, isAwaited ? Self.poolSize / 10 : Self.poolSize)
  }

  func check(_ code: Int32, _ operation: PortError.Operation) throws(PortError) {
    if code < 0 { throw PortError.refused(operation, code: -code) }
  }

  // MARK: Ports

  /// Creates a port that other programs may connect to, and returns its number.
  ///
  /// Arriving events are stamped with the time of `queue`.
  func createPort(
    name: String, directions: Set<PortDirection>, queue: Int32?
  ) throws(PortError) -> UInt8 {
    var capabilities: Int32 = 0
    if directions.contains(.input) { capabilities |= SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE }
    if directions.contains(.output) { capabilities |= SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ }
    return try createPort(name: name, capabilities: capabilities, number: nil, queue: queue)
  }

  /// Creates the port that receives announcements of system changes. It is hidden from other programs, and has a high
  /// number so that low numbers are free for visible ports.
  func createAnnouncementPort(queue: Int32) throws(PortError) {
    let port = try createPort(
      name: "announcements", capabilities: SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_NO_EXPORT,
      number: Self.announcementPort, queue: queue)
    try check(snd_seq_connect_from(handle, Int32(port), 0, SND_SEQ_PORT_SYSTEM_ANNOUNCE), .connect)
  }

  static let announcementPort: UInt8 = 127

  private func createPort(
    name: String, capabilities: Int32, number: UInt8?, queue: Int32?
  ) throws(PortError) -> UInt8 {
    var info: OpaquePointer?
    guard snd_seq_port_info_malloc(&info) == 0 else { throw .refused(.createPort, code: ENOMEM) }
    defer { snd_seq_port_info_free(info) }
    snd_seq_port_info_set_name(info, name)
    snd_seq_port_info_set_capability(info, UInt32(capabilities))
    snd_seq_port_info_set_type(info, UInt32(SND_SEQ_PORT_TYPE_MIDI_GENERIC | SND_SEQ_PORT_TYPE_APPLICATION))
    snd_seq_port_info_set_midi_channels(info, 16)
    if let number {
      snd_seq_port_info_set_port(info, Int32(number))
      snd_seq_port_info_set_port_specified(info, 1)
    }
    if let queue {
      snd_seq_port_info_set_timestamping(info, 1)
      snd_seq_port_info_set_timestamp_real(info, 1)
      snd_seq_port_info_set_timestamp_queue(info, queue)
    }
    try check(snd_seq_create_port(handle, info), .createPort)
    return UInt8(clamping: snd_seq_port_info_get_port(info))
  }

  /// Connects a port of this client from or to another port.
  func connect(_ port: UInt8, _ direction: PortDirection, _ other: PortAddress) throws(PortError) {
    let code =
      switch direction {
      case .input: snd_seq_connect_from(handle, Int32(port), Int32(other.client), Int32(other.port))
      case .output: snd_seq_connect_to(handle, Int32(port), Int32(other.client), Int32(other.port))
      }
    try check(code, .connect)
  }

  /// All ports that other programs may use, except the system's own and this client's.
  func ports() throws(PortError) -> [PortInfo] {
    var clientInfo: OpaquePointer?
    var portInfo: OpaquePointer?
    guard snd_seq_client_info_malloc(&clientInfo) == 0 else { throw .refused(.list, code: ENOMEM) }
    defer { snd_seq_client_info_free(clientInfo) }
    guard snd_seq_port_info_malloc(&portInfo) == 0 else { throw .refused(.list, code: ENOMEM) }
    defer { snd_seq_port_info_free(portInfo) }
    var ports: [PortInfo] = []
    snd_seq_client_info_set_client(clientInfo, -1)
    while snd_seq_query_next_client(handle, clientInfo) >= 0 {
      let number = snd_seq_client_info_get_client(clientInfo)
      if number == SND_SEQ_CLIENT_SYSTEM || number == Int32(client) { continue }
      snd_seq_port_info_set_client(portInfo, number)
      snd_seq_port_info_set_port(portInfo, -1)
      while snd_seq_query_next_port(handle, portInfo) >= 0 {
        if let port = PortInfo(client: clientInfo, port: portInfo) { ports.append(port) }
      }
    }
    return ports
  }

  // MARK: The queue

  /// Starts a queue: the clock that stamps arriving events and releases scheduled ones.
  func startQueue() throws(PortError) -> Int32 {
    let queue = snd_seq_alloc_queue(handle)
    try check(queue, .startQueue)
    try check(
      snd_seq_control_queue(handle, queue, Int32(SND_SEQ_EVENT_START.rawValue), 0, nil), .startQueue)
    try check(snd_seq_drain_output(handle), .startQueue)
    return queue
  }

  /// The time of a queue.
  func time(of queue: Int32) -> Seconds {
    var status: OpaquePointer?
    guard snd_seq_queue_status_malloc(&status) == 0 else { return .zero }
    defer { snd_seq_queue_status_free(status) }
    guard snd_seq_get_queue_status(handle, queue, status) == 0,
      let time = snd_seq_queue_status_get_real_time(status)
    else { return .zero }
    return Seconds(time.pointee)
  }
}

extension Seconds {
  init(_ time: snd_seq_real_time_t) {
    self.init(Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
  }
}

extension snd_seq_real_time_t {
  /// The time in whole nanoseconds; times before the start of the queue become its start.
  init(_ time: Seconds) {
    let nanoseconds = UInt64(max(0, time.rawValue * 1e9).rounded())
    self.init(
      tv_sec: UInt32(truncatingIfNeeded: nanoseconds / 1_000_000_000),
      tv_nsec: UInt32(nanoseconds % 1_000_000_000))
  }
}

extension PortInfo {
  /// The port, or nil if other programs may not use it.
  fileprivate init?(client: OpaquePointer?, port: OpaquePointer?) {
    let capabilities = Int32(bitPattern: snd_seq_port_info_get_capability(port))
    func may(_ wanted: Int32) -> Bool { capabilities & wanted == wanted }
    guard capabilities & SND_SEQ_PORT_CAP_NO_EXPORT == 0 else { return nil }
    let isInput = may(SND_SEQ_PORT_CAP_READ | SND_SEQ_PORT_CAP_SUBS_READ)
    let isOutput = may(SND_SEQ_PORT_CAP_WRITE | SND_SEQ_PORT_CAP_SUBS_WRITE)
    guard isInput || isOutput else { return nil }
    let type = Int32(bitPattern: snd_seq_port_info_get_type(port))
    let kind: Kind =
      if type & SND_SEQ_PORT_TYPE_APPLICATION != 0 { .application } else if type & SND_SEQ_PORT_TYPE_HARDWARE != 0 {
        .hardware
      } else if type & SND_SEQ_PORT_TYPE_SOFTWARE != 0 { .software } else { .other }
    self.init(
      address: PortAddress(
        client: UInt8(clamping: snd_seq_port_info_get_client(port)),
        port: UInt8(clamping: snd_seq_port_info_get_port(port))),
      clientName: String(cString: snd_seq_client_info_get_name(client)),
      name: String(cString: snd_seq_port_info_get_name(port)),
      isInput: isInput, isOutput: isOutput, kind: kind)
  }
}
