import MIDIFiles
import MusicTokens

// Prints the seconds that one pass over the given files takes, best of many, on one thread.
//   measure read|tokens|encode FILE…
let arguments = Array(CommandLine.arguments.dropFirst())
let paths = Array(arguments.dropFirst())

func best(of passes: Int, _ body: () -> Int) -> (Double, Int) {
  let clock = ContinuousClock()
  var r = 0
  return ((0..<passes).map { _ in clock.measure { r = body() } / .seconds(1) }.min() ?? 0, r)
}

switch arguments.first {
case "read":
  print(best(of: 31) {
    paths.reduce(0) { $0 + ((try? MIDIFile(path: $1).score.noteCount) ?? 0) }
  })
case "tokens":
  let encoder = TokenEncoder()
  let scores = paths.compactMap { try? MIDIFile(path: $0).score }
  print(best(of: 51) { scores.reduce(0) { $0 + ((try? encoder.encode($1).count) ?? 0) } })
case "encode":
  let encoder = TokenEncoder()
  print(best(of: 31) {
    paths.reduce(0) { $0 + ((try? encoder.encode(MIDIFile(path: $1).score).count) ?? 0) }
  })
default:
  print("usage: measure read|encode FILE…")
}
