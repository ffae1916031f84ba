public import MusicCore
public import Playing

extension SequencerClient {
  /// How far ahead of its time a message is passed to the kernel, whose timing is more precise than this process's.
  private static let lead = Seconds(0.5)

  /// Plays a performance on a port, and returns when its last message has been delivered.
  ///
  /// On cancellation or failure all sound is ended before the error is thrown.
  ///
  /// - Parameter progress: called with the position in the performance a few times per second.
  public func play(
    _ performance: Performance, on port: PortAddress, from start: Seconds = .zero, speed: Double = 1,
    looping: Bool = false, progress: (@Sendable (Seconds) -> Void)? = nil
  ) async throws {
    var playback = Playback(performance, from: start, speed: speed, looping: looping, origin: now + Seconds(0.1))
    do {
      var last = now
      while let event = playback.next() {
        while event.time > now + Self.lead {
          try await flush()
          progress?(playback.position(at: now))
          try await sleep(until: event.time - Seconds(Self.lead.rawValue / 2))
        }
        try await schedule(event.message, from: port, at: event.time)
        last = event.time
      }
      try await flush()
      while now < last {
        progress?(playback.position(at: now))
        try await sleep(until: last)
      }
      progress?(performance.duration)
      // The kernel delivers on a grid of up to 4 ms.
      try await Task.sleep(for: .milliseconds(10))
    } catch {
      silence()
      throw error
    }
  }

  /// Sleeps until the client's clock shows `time`, but no longer than until the next report of progress.
  private func sleep(until time: Seconds) async throws {
    let remaining = max(0.001, min(0.25, (time - now).rawValue))
    try await Task.sleep(for: .seconds(remaining))
  }
}
