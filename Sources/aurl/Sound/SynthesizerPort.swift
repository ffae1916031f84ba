import MIDIPorts
import MusicCore
import Synthesis
import Terminal

/// A synthesizer with a port of its own, which other programs may use too. Arriving messages sound immediately, handled
/// on a dedicated thread.
struct SynthesizerPort {
  let client: SequencerClient
  let port: PortAddress

  /// - Throws: `Failure` if there is no sequencer.
  init(_ synthesizer: LiveSynthesizer) async throws(Failure) {
    do throws(PortError) {
      client = try SequencerClient(name: "aurl synth")
      port = try await client.createPort(name: "synth", directions: [.input])
    } catch { throw Failure(error) }
    _ = await client.takeRealTimePriority()
    await client.onArrival { _, arrival in
      switch arrival {
      case .message(.channel(let message), _, _): synthesizer.send(message)
      case .message(.systemExclusive(let bytes), _, _): synthesizer.send(systemExclusive: bytes)
      default: break
      }
    }
  }
}
