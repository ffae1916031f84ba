// The MIDI ports of aurl doing what the programs of ports-reference do:
//
//   thru               sends on what arrives, on the client's thread
//   thru-stream        the same from the stream of arrivals
//   schedule COUNT MS  plays COUNT notes MS milliseconds apart, when it is connected
import MIDIPorts
import MusicCore
import Playing

let mode = CommandLine.arguments.dropFirst().first ?? ""
let client = try SequencerClient(name: mode)
let port = try await client.createPort(name: "port", directions: [.input, .output])

func waitForConnection() async {
  for await case .change(.connected(port, _), _) in client.arrivals { return }
}

func passOn(_ client: SequencerClient, _ port: PortAddress) async throws {
  try await withTaskExecutorPreference(client.executor) {
    for await case .message(let message, _, _) in client.arrivals { try await client.send(message, from: port) }
  }
}

switch mode {
case "thru":
  await client.onArrival { client, arrival in
    if case .message(let message, _, _) = arrival { _ = try? client.send(message, from: port) }
  }
  try await Task.sleep(for: .seconds(1_000_000))
case "thru-stream":
  try await passOn(client, port)
case "schedule":
  let numbers = CommandLine.arguments.dropFirst(2).compactMap { Int64($0) }
  var track = Track()
  track.notes = (0..<numbers[0] / 2).map { index in
    Note(
      onset: Tick(rawValue: 2 * index * numbers[1]), end: Tick(rawValue: (2 * index + 1) * numbers[1]),
      pitch: Pitch(masking: UInt8(index % 128)), velocity: Velocity(masking: 80))
  }
  let score = Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 500)), tracks: [track])
  await waitForConnection()
  try await client.play(Performance(score), on: port)
default:
  fatalError("unknown mode \(mode)")
}
