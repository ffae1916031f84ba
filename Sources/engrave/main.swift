import Files
import MusicCore
import Notation

for path in CommandLine.arguments.dropFirst() {
  do {
    let m = try Manuscript(bytes: try readBytes(ofFile: path))
    let s = try m.score()
    print(
      "#",
      path,
      m.barCount,
      m.ticksPerQuarter,
      s.timeSignatures.map { "\($0.tick.rawValue):\($0)" },
      s.keySignatures.map(\.description),
      s.duration.rawValue
    )
    for (i, t) in s.tracks.enumerated() {
      for n in t.notes { print(i, n.onset.rawValue, n.end.rawValue, n.pitch.rawValue, n.velocity.rawValue) }
    }
  } catch { print("\(path): \(error)") }
}
