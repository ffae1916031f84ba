import MIDIFiles
import MusicTokens

// Prints the seconds that one pass over the given files takes, best of seven, on one thread.
//   measure read|encode FILE…
let arguments = Array(CommandLine.arguments.dropFirst())
let paths = arguments.dropFirst()

func best(of passes: Int, _ body: () -> Void) -> Double {
  let clock = ContinuousClock()
  return (0..<passes).map { _ in clock.measure(body) / .seconds(1) }.min() ?? 0
}

switch arguments.first {
case "read":
  var notes = 0
  let seconds = best(of: 7) {
    notes = 0
    for path in paths { notes += (try? MIDIFile(path: path).score.noteCount) ?? 0 }
  }
  print(seconds, notes)
case "encode":
  var tokens = 0
  let encoder = TokenEncoder()
  let seconds = best(of: 7) {
    tokens = 0
    for path in paths { tokens += (try? encoder.encode(MIDIFile(path: path).score).count) ?? 0 }
  }
  print(seconds, tokens)
default:
  print("usage: measure read|encode FILE…")
}
