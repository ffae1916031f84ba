import MIDIFiles
import MusicAnalysis
import MusicTokens

// Prints the seconds that one pass over the given files takes, best of seven, on one thread.
//   measure read|encode|listen FILE…
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
case "listen":
  // The planes, rhythm, melody and dynamics of each file, without reading it.
  for path in paths {
    guard let score = try? MIDIFile(path: path).score, let tokens = try? TokenEncoder().encode(score) else { continue }
    let parts: [(String, () -> Int)] = [
      ("planes", { Planes.perToken(tokens).count }), ("rhythm", { RhythmAnalysis(score).beatsSeconds.count }),
      ("melody", { MelodyAnalysis(score).line.count }), ("dynamics", { DynamicsAnalysis(score).curve.count }),
    ]
    print(path, score.noteCount, parts.map { part in "\(part.0) \(best(of: 3) { _ = part.1() })" })
  }
default:
  print("usage: measure read|encode|listen FILE…")
}
