internal import Synchronization

/// What arrives at a sequencer client, from its creation on: a stream for one consumer.
///
/// Up to 65,536 arrivals are buffered; any more are dropped, and their number comes as `.lost` before the next one that
/// is buffered. The stream ends, after what is buffered, with `SequencerClient.endArrivals()` or with the cancellation
/// of the task that waits for it.
public struct Arrivals: AsyncSequence, Sendable {
  public typealias Element = Arrival
  public typealias Failure = Never

  let buffer = ArrivalBuffer()

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(buffer: buffer) }

  public struct AsyncIterator: AsyncIteratorProtocol {
    let buffer: ArrivalBuffer

    public mutating func next() async -> Arrival? { await next(isolation: #isolation) }

    public mutating func next(isolation actor: isolated (any Actor)?) async -> Arrival? {
      if let arrival = buffer.take() { return arrival }
      let buffer = buffer
      return await withTaskCancellationHandler {
        await withUnsafeContinuation { buffer.wait($0) }
      } onCancel: {
        buffer.finish()
      }
    }
  }
}

/// The store behind `Arrivals`. An `AsyncStream` would do the same at several times the cost for each arrival,
/// because its generic code is not specialized.
final class ArrivalBuffer: Sendable {
  private struct State {
    var kept: [Arrival] = []
    var taken = 0
    var dropped = 0
    var isFinished = false
    var consumer: UnsafeContinuation<Arrival?, Never>?

    mutating func take() -> Arrival? {
      guard taken < kept.count else {
        guard dropped > 0 else { return nil }
        defer { dropped = 0 }
        return .lost(events: dropped)
      }
      let arrival = kept[taken]
      taken += 1
      if taken == kept.count || taken == 4096 {
        kept.removeFirst(taken)
        taken = 0
      }
      return arrival
    }
  }

  private static let capacity = 65_536
  private let state = Mutex(State())

  /// Buffers an arrival for the consumer, which `wake()` notifies.
  func append(_ arrival: Arrival) {
    state.withLock { state in
      guard !state.isFinished else { return }
      guard state.kept.count - state.taken < Self.capacity else {
        state.dropped += 1
        return
      }
      if state.dropped > 0 {
        state.kept.append(.lost(events: state.dropped))
        state.dropped = 0
      }
      state.kept.append(arrival)
    }
  }

  /// Resumes a waiting consumer.
  func wake() {
    let (consumer, arrival) = state.withLock { state -> (UnsafeContinuation<Arrival?, Never>?, Arrival?) in
      guard let consumer = state.consumer, state.taken < state.kept.count || state.isFinished else { return (nil, nil) }
      state.consumer = nil
      return (consumer, state.take())
    }
    consumer?.resume(returning: arrival)
  }

  /// Ends the stream after the buffered arrivals.
  func finish() {
    state.withLock { $0.isFinished = true }
    wake()
  }

  func take() -> Arrival? { state.withLock { $0.take() } }

  func wait(_ consumer: UnsafeContinuation<Arrival?, Never>) {
    state.withLock { state in
      precondition(state.consumer == nil, "arrivals have one consumer")
      state.consumer = consumer
    }
    // An arrival, or the end, may have come between the check and the wait.
    wake()
  }
}
