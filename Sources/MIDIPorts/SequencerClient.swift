internal import CALSA
internal import Files
internal import Glibc
public import MusicCore
public import Playing

/// A client of the ALSA sequencer that does all its work on a thread of its own.
///
/// Arrivals are a single-pass stream or, for the lowest latency, are passed to a function on the client's thread
/// (`onArrival`). A task that prefers `executor` also consumes the stream on that thread:
///
/// ```swift
/// let client = try SequencerClient(name: "aurl")
/// let port = try await client.createPort(name: "input", directions: [.input])
/// try await withTaskExecutorPreference(client.executor) {
///   for await arrival in client.arrivals { … }
/// }
/// ```
public actor SequencerClient {
  private let sequencer: Sequencer
  private let queue: Int32
  private nonisolated let loop: PollLoop
  private nonisolated let taskExecutor: LoopTaskExecutor
  /// The number of this client in the sequencer.
  public nonisolated let number: UInt8

  /// The stream of arrivals, for one consumer.
  public nonisolated let arrivals = Arrivals()

  private var handler: (@Sendable (isolated SequencerClient, Arrival) -> Void)?
  private var assembler = SystemExclusiveAssembler()
  private var cellsRead = 0
  private var cellsLost = 0

  /// One ledger per port, indexed by port number.
  private var ledgers: [OutputLedger] = []
  /// How late scheduled messages were delivered; nil if that is not measured.
  package private(set) var scheduledErrors: TimeHistogram?
  /// The time of the last message whose delivery is measured.
  private var lastMeasured = Seconds.zero
  private var waitingForRoom: [CheckedContinuation<Void, Never>] = []

  public nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  /// The client's thread, for tasks that process arrivals.
  public nonisolated var executor: any TaskExecutor { taskExecutor }

  /// Opens the sequencer and starts the client's queue and thread.
  ///
  /// - Throws: `PortError.unavailable` if there is no sequencer, `.refused` if it has no free queue.
  public init(name: String) throws(PortError) {
    let sequencer = try Sequencer(name: name)
    queue = try sequencer.startQueue()
    try sequencer.createAnnouncementPort(queue: queue)
    number = sequencer.client
    loop = PollLoop(descriptor: sequencer.descriptor)
    taskExecutor = LoopTaskExecutor(loop)
    self.sequencer = sequencer
    loop.start(name: name) { [weak self] reason in
      guard let self else { return }
      Self.proceedOnThread(self, reason)
    }
  }

  deinit {
    arrivals.buffer.finish()
    loop.stop()
  }

  // MARK: Ports

  /// Creates a port that other programs may connect to. Arrivals are stamped by the client's queue.
  public func createPort(name: String, directions: Set<PortDirection>) throws(PortError) -> PortAddress {
    let port = try sequencer.createPort(
      name: name, directions: directions, queue: directions.contains(.input) ? queue : nil)
    while ledgers.count <= Int(port) { ledgers.append(OutputLedger()) }
    return PortAddress(client: number, port: port)
  }

  /// Connects a port of this client from or to another port.
  public func connect(
    _ port: PortAddress, _ direction: PortDirection, _ other: PortAddress
  ) throws(PortError) {
    try sequencer.connect(port.port, direction, other)
  }

  /// All ports that other programs may use, except the system's own and this client's.
  public func ports() throws(PortError) -> [PortInfo] { try sequencer.ports() }

  // MARK: Time

  /// The time of the client's clock, which stamps arrivals and times scheduled messages.
  public var now: Seconds { sequencer.time(of: queue) }

  /// Delivers the time as an arrival every `interval`; nil ends that.
  public func reportTime(every interval: Duration?) { loop.tickInterval = interval }

  private func reportTime() {
    let time = now
    receive()
    deliver(.time(time))
    arrivals.buffer.wake()
  }

  /// Gives the client's thread real-time priority; false if the system does not permit it.
  public func takeRealTimePriority() -> Bool { loop.takeRealTimePriority() }

  // MARK: Input

  /// Passes arrivals to a function on the client's thread instead of to `arrivals`, beginning with those still buffered
  /// there; nil ends that.
  public func onArrival(_ handler: (@Sendable (isolated SequencerClient, Arrival) -> Void)?) {
    self.handler = handler
    guard let handler else { return }
    while let arrival = arrivals.buffer.take() { handler(self, arrival) }
  }

  /// Reads everything that has arrived so far, and ends `arrivals` after it.
  public func endArrivals() {
    receive()
    arrivals.buffer.finish()
  }

  /// Called on the client's thread, which is its executor. `assumeIsolated` would check that again, with an allocation
  /// that costs half as much as passing a message on; the cast is the one that it makes itself.
  private static let proceedOnThread = unsafeBitCast(
    { $0.proceed($1) } as @Sendable (isolated SequencerClient, PollLoop.Reason) -> Void,
    to: (@Sendable (SequencerClient, PollLoop.Reason) -> Void).self)

  private func proceed(_ reason: PollLoop.Reason) {
    switch reason {
    case .input: receive()
    case .room: makeRoom()
    case .tick: reportTime()
    }
  }

  private func receive() {
    defer { arrivals.buffer.wake() }
    do {
      while true {
        switch try sequencer.read() {
        case .nothing: return
        case .overrun: countLost()
        case .event(let event, let more):
          cellsRead += event.pointee.cells
          take(event.pointee)
          if !more { return }
        }
      }
    } catch {
      // The sequencer is gone: nothing will arrive any more.
      arrivals.buffer.finish()
      loop.ignoreDescriptor()
    }
  }

  private func take(_ event: snd_seq_event_t) {
    if event.isSystemExclusive {
      if let bytes = assembler.append(event.variableData, from: event.sender) {
        deliver(.message(.systemExclusive(bytes), from: event.sender, at: Seconds(event.time.time)))
      }
    } else if let time = event.echoedTime {
      // Other clients may send echoes too.
      if event.sender.client == number { scheduledErrors?.add((Seconds(event.time.time) - time).milliseconds) }
    } else if let change = event.change {
      assembler.forget(where: change.ends)
      deliver(.change(change, at: Seconds(event.time.time)))
    } else {
      let (sender, time) = (event.sender, Seconds(event.time.time))
      event.forEachMessage { deliver(.message($0, from: sender, at: time)) }
    }
  }

  private func deliver(_ arrival: Arrival) {
    if let handler {
      handler(self, arrival)
      return
    }
    arrivals.buffer.append(arrival)
  }

  private func countLost() {
    let text = (try? readBytes(ofFile: "/proc/asound/seq/clients")) ?? []
    guard let count = InputPoolCount(client: number, in: String(decoding: text, as: UTF8.self)) else {
      // The pool was full when one more event came.
      deliver(.lost(events: Sequencer.poolSize + 1))
      return
    }
    let lost = count.lost(afterReading: cellsRead)
    deliver(.lost(events: max(1, lost - cellsLost)))
    cellsLost = max(lost, cellsLost)
  }

  // MARK: Output

  /// Sends a message at once to the subscribers of a port of this client.
  ///
  /// - Returns: false if the kernel has no room for it now; nothing is sent then.
  @discardableResult
  public func send(_ message: MIDIMessage, from port: PortAddress) throws(PortError) -> Bool {
    guard try sequencer.send(message, from: port.port) else { return false }
    note(message, on: port, at: nil)
    return true
  }

  /// Schedules a message at a time of the client's clock, waiting while the kernel has no room.
  ///
  /// It may stay in a buffer until `flush()`.
  public func schedule(_ message: MIDIMessage, from port: PortAddress, at time: Seconds) async throws {
    if case .systemExclusive(let data) = message, data.count > SystemExclusivePacing.pieceSize {
      for (piece, delay) in SystemExclusivePacing.pieces(of: message.bytes) {
        while try !sequencer.schedule(piece, from: port.port, at: time + delay, on: queue) { try await room() }
      }
    } else {
      while try !sequencer.schedule(message, from: port.port, at: time, on: queue) { try await room() }
    }
    note(message, on: port, at: time)
  }

  /// Passes everything scheduled to the kernel, waiting while it has no room.
  public func flush() async throws {
    while try !sequencer.flush() { try await room() }
    settle()
  }

  /// Schedules a message if there is room for it now; false if there is none.
  ///
  /// It may stay in a buffer until `tryFlush()`.
  public func trySchedule(_ message: MIDIMessage, from port: PortAddress, at time: Seconds) throws(PortError) -> Bool {
    guard try sequencer.schedule(message, from: port.port, at: time, on: queue) else { return false }
    note(message, on: port, at: time)
    // What is sent with a message to this client itself is as late as the message. The messages of a chord share one.
    if scheduledErrors != nil, time != lastMeasured {
      lastMeasured = time
      _ = try sequencer.scheduleEcho(at: time, on: queue)
    }
    return true
  }

  /// Measures from now on how late the messages of `trySchedule` are delivered.
  package func measureScheduledErrors() { scheduledErrors = TimeHistogram() }

  /// Passes everything scheduled to the kernel; false if it has no room for all of it now.
  @discardableResult
  public func tryFlush() throws(PortError) -> Bool {
    let isWhole = try sequencer.flush()
    settle()
    return isWhole
  }

  private func settle() {
    let now = now
    for index in ledgers.indices { ledgers[index].settle(by: now) }
  }

  /// Cancels the scheduled messages of a port at `time` or later. A note that may already have started is ended.
  ///
  /// - Parameter onlyOnsets: whether to cancel only note-ons, so that sounding notes end as planned.
  @discardableResult
  public func cancel(
    on port: PortAddress, from time: Seconds, onlyOnsets: Bool = false
  ) -> OutputLedger.Cancellation {
    sequencer.cancel(port.port, from: time, onlyOnsets: onlyOnsets)
    let cancellation = ledgers[Int(port.port)].cancel(from: time, onlyOnsets: onlyOnsets, before: now)
    for end in cancellation.strays { _ = try? send(end, from: port) }
    return cancellation
  }

  /// Cancels the scheduled messages of a port and ends its notes: keys and pedals are released, and controllers reset
  /// to their defaults. The sound decays, and other ports continue. (`silence` cuts off everything.)
  public func release(_ port: PortAddress) {
    let before = now
    sequencer.cancel(port.port, from: .zero, onlyOnsets: false)
    let sounding = ledgers[Int(port.port)].interrupt(after: before, before: now)
    for message in sounding.releasing() + sounding.restoring() { _ = try? sequencer.send(message, from: port.port) }
  }

  /// The number of notes that will sound at the subscribers of a port when everything scheduled has been sent.
  public func soundingCount(on port: PortAddress) -> Int { ledgers[Int(port.port)].sounding.count }

  /// Cancels everything scheduled, and ends all sound at the subscribers of the client's ports.
  public func silence() {
    let before = now
    sequencer.dropOutput()
    let after = now
    for index in ledgers.indices {
      for message in ledgers[index].interrupt(after: before, before: after).silencing() {
        _ = try? sequencer.send(message, from: UInt8(index))
      }
    }
  }

  private func note(_ message: MIDIMessage, on port: PortAddress, at time: Seconds?) {
    let index = Int(port.port)
    if time == nil, ledgers[index].isSettled {
      ledgers[index].send(message)
    } else {
      ledgers[index].schedule(message, at: time ?? now)
    }
  }

  /// Waits until the kernel has room again.
  private func room() async throws {
    try Task.checkCancellation()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        waitingForRoom.append(continuation)
        sequencer.awaitRoom(true)
        loop.wantsOutput = true
      }
    } onCancel: {
      Task { await self.makeRoom() }
    }
    try Task.checkCancellation()
  }

  private func makeRoom() {
    loop.wantsOutput = false
    sequencer.awaitRoom(false)
    let waiting = waitingForRoom
    waitingForRoom = []
    for continuation in waiting { continuation.resume() }
  }
}
