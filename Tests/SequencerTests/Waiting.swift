import MIDIPorts

/// Waits until a condition holds; returns false if it does not hold in time.
func eventually(
  within seconds: Double = 20, _ condition: () async throws -> Bool
) async throws -> Bool {
  let clock = ContinuousClock()
  let end = clock.now + .seconds(seconds)
  while clock.now < end {
    if try await condition() { return true }
    try await Task.sleep(for: .milliseconds(2))
  }
  return try await condition()
}

/// Waits until the ports of the system meet a condition; returns false if they do not in time.
func portsEventually(_ condition: ([PortInfo]) -> Bool) async throws -> Bool {
  let observer = try SequencerClient(name: "observer")
  return try await eventually { condition(try await observer.ports()) }
}

/// Lets time of the music pass: the player pauses or holds a key, or the model could play. Tests wait with `eventually`
/// for what must have happened.
func rest(_ duration: Duration) async throws { try await Task.sleep(for: duration) }
