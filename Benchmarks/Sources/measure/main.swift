import Foundation
import MIDIFiles
import MusicAnalysis
import MusicTokens

// The library on one thread, in one process, as its peers in Python are measured.
//   measure read FOLDER     best seconds to read all MIDI files, and their notes
//   measure encode FOLDER   best seconds to read and encode them, and their tokens
//   measure listen FOLDER   best seconds to read them and find rhythm, melody and dynamics, and their beats
//   measure analyze FOLDER  best seconds to read them and analyze everything, and their chords
//   measure metrics FOLDER  best seconds to read them and compute MusPy's metrics, and their pitches
//   measure generate FOLDER COUNT NOTES
let usage = "usage: measure read|encode|listen|analyze|metrics FOLDER | generate FOLDER COUNT NOTES"

func fail() -> Never {
  FileHandle.standardError.write(Data("\(usage)\n".utf8))
  exit(64)
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 2 else { fail() }

switch arguments[0] {
case "read":
  report(try midiFiles(in: arguments[1])) { try MIDIFile(path: $0).score.noteCount }
case "encode":
  let encoder = TokenEncoder()
  report(try midiFiles(in: arguments[1])) { try encoder.encode(MIDIFile(path: $0).score).count }
case "listen":
  report(try midiFiles(in: arguments[1])) { path in
    let score = try MIDIFile(path: path).score
    _ = (MelodyAnalysis(score), DynamicsAnalysis(score))
    return RhythmAnalysis(score).beatsSeconds.count
  }
case "analyze":
  report(try midiFiles(in: arguments[1])) { path in
    Analysis(try MIDIFile(path: path).score).harmony?.chords.count ?? 0
  }
case "metrics":
  report(try midiFiles(in: arguments[1])) { MusicMetrics(try MIDIFile(path: $0).score).pitchesUsed }
case "generate":
  guard arguments.count == 4, let count = Int(arguments[2]), let notes = Int(arguments[3]) else { fail() }
  var generator = PieceGenerator(seed: 1)
  for number in 0..<count {
    // From a quarter to four times the length, as pieces differ.
    let length = count == 1 ? notes : (notes << (number % 5)) / 4
    try write(generator.piece(notes: length), to: "\(arguments[1])/piece-\(number).mid")
  }
default:
  fail()
}
