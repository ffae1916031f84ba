internal import Files
internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore

/// A piece with its annotations.
struct AnnotatedFile {
  let name: String
  /// The music without its annotations.
  let score: Score
  /// The track of block chords, if there is one.
  let chordTrack: Track?

  /// The `.mid` files of a folder, sorted by name. If `hasChords` is set, a track named `chords`, or the last of three,
  /// is the annotation.
  static func load(_ folder: String, hasChords: Bool = false) -> [AnnotatedFile] {
    let names = (try? Folder.names(in: folder)) ?? []
    return names.filter { $0.hasSuffix(".mid") }.sorted().compactMap { name in
      guard var score = try? MIDIFile(path: "\(folder)/\(name)").score else { return nil }
      let chords = hasChords ? score.tracks.popLast() : nil
      return AnnotatedFile(name: String(name.dropLast(4)), score: score, chordTrack: chords)
    }
  }

  /// The analysis on the quarter notes and bars of the file.
  var harmony: HarmonyAnalysis {
    HarmonyAnalysis(score, beats: score.quarterBeats(), downbeats: score.downbeats())
  }
}
