import MusicCore
import Playing
import Synchronization
import Synthesis
import Terminal

/// The work of `play` on the sound device: files one after the other, controlled by keys.
struct SoundingSession: Sendable {
  var pieces: [PlayedPiece]
  var arguments: PlayArguments
  var progress: SharedProgressLine

  /// The command of a key.
  private enum Command {
    case pause, back, forward, next, quit
  }

  /// How far the arrow keys seek.
  private static let step = Seconds(5)

  func run(on synthesizer: LiveSynthesizer) async throws {
    let keys = SharedValue<KeySequence>(KeySequence())
    let input = KeyInput { key in keys.value.withLock { $0.append(key) } }
    defer { input?.end() }
    let work = Task {
      for piece in pieces {
        if try await play(piece, on: synthesizer, keys) == .quit { return }
      }
      // Let the sound decay for a moment.
      try await Task.sleep(for: .seconds(1.5))
    }
    Interruption.handleByDispatch { work.cancel() }
    let result = await work.result
    progress.clear()
    input?.end()
    Interruption.passOn()
    if case .failure(let error) = result, !(error is CancellationError) { throw error }
  }

  /// Plays a piece to its end, or until a key ends it.
  private func play(
    _ piece: PlayedPiece, on synthesizer: LiveSynthesizer, _ keys: SharedValue<KeySequence>
  ) async throws -> Command? {
    let clock = ContinuousClock()
    let start = clock.now
    func now() -> Seconds { Seconds((clock.now - start) / .seconds(1)) }
    synthesizer.reset()
    var transport = Transport(
      piece.performance, from: arguments.begin, speed: arguments.speed, looping: arguments.isLooping,
      at: Seconds(0.1))
    // However it ends, no note continues.
    defer { synthesizer.send(transport.release()) }
    while !transport.isOver {
      for command in keys.value.withLock({ $0.takeCommands() }) {
        switch command {
        case .pause where transport.isPaused: transport.resume(at: now())
        case .pause: synthesizer.send(transport.pause(at: now()))
        case .back: synthesizer.send(transport.seek(to: transport.position(at: now()) - Self.step, at: now()))
        case .forward: synthesizer.send(transport.seek(to: transport.position(at: now()) + Self.step, at: now()))
        case .next, .quit: return command
        }
      }
      synthesizer.send(transport.due(at: now()))
      progress.update(
        piece.status(at: transport.position(at: now()), speed: arguments.speed, isPaused: transport.isPaused))
      let wait = min(0.02, max(0.001, ((transport.nextTime ?? .zero) - now()).rawValue))
      try await Task.sleep(for: .seconds(transport.isPaused ? 0.02 : wait))
    }
    return nil
  }

  /// Parses key input into commands: an arrow key sends three characters.
  private struct KeySequence {
    private var keys: [Character] = []

    mutating func append(_ key: Character) { keys.append(key) }

    mutating func takeCommands() -> [Command] {
      var commands: [Command] = []
      var rest = keys[...]
      while let key = rest.popFirst() {
        switch key {
        case " ": commands.append(.pause)
        case "n": commands.append(.next)
        case "q": commands.append(.quit)
        case "\u{1B}":
          // The rest of the sequence may not have arrived yet.
          guard rest.count >= 2 else {
            keys = [key] + rest
            return commands
          }
          let sequence = String(rest.prefix(2))
          rest = rest.dropFirst(2)
          if sequence == "[D" || sequence == "OD" { commands.append(.back) }
          if sequence == "[C" || sequence == "OC" { commands.append(.forward) }
        default: break
        }
      }
      keys = []
      return commands
    }
  }
}

/// A value shared by closures and tasks, protected by a lock.
private final class SharedValue<Value: Sendable>: Sendable {
  let value: Mutex<Value>
  init(_ value: Value) { self.value = Mutex(value) }
}

extension LiveSynthesizer {
  fileprivate func send(_ messages: [MIDIMessage]) {
    for message in messages {
      switch message {
      case .channel(let message): send(message)
      case .systemExclusive(let bytes): send(systemExclusive: bytes)
      case .system: break
      }
    }
  }
}
