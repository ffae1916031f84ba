internal import Foundation
internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore

/// What the analyzer says of each file, for others to score: one line of JSON a file.
struct Answers: Encodable {
  private struct Chord: Encodable {
    let startSeconds: Double
    let endSeconds: Double
    let root: Int
    let quality: String
    let bass: Int
  }

  private struct LocalKey: Encodable {
    let startSeconds: Double
    let endSeconds: Double
    let name: String
  }

  /// The folder and the name of the file, without `.mid`.
  private let file: String
  private let key: String?
  private let localKeys: [LocalKey]
  private let chords: [Chord]
  /// Empty but for performances; so are the downbeats.
  private let beatsSeconds: [Double]
  private let downbeatsSeconds: [Double]
  /// The key of a well-known performed piece.
  private let annotatedKey: String?
  /// What reading the file and finding its keys and chords took.
  private let elapsedSeconds: Double

  private init(_ file: AnnotatedFile, folder: String, set: String) {
    self.file = "\(set)/\(file.name)"
    let clock = ContinuousClock()
    var harmony = file.harmony
    let elapsed = clock.measure {
      // Read again, so that the time is that of the whole way from a file to its chords.
      if (try? MIDIFile(path: "\(folder)/\(set)/\(file.name).mid")) != nil { harmony = file.harmony }
    }
    elapsedSeconds = elapsed / .seconds(1)
    key = harmony.key?.name.description
    localKeys = harmony.localKeys.map {
      LocalKey(startSeconds: $0.start.rawValue, endSeconds: $0.end.rawValue, name: $0.name.description)
    }
    chords = harmony.chords.map {
      Chord(
        startSeconds: $0.start.rawValue, endSeconds: $0.end.rawValue, root: $0.root.pitchClass.rawValue,
        quality: $0.quality.rawValue, bass: $0.bass.pitchClass.rawValue)
    }
    let grid = set == "beats" ? MetricalGrid(file.score) : nil
    beatsSeconds = grid?.beatsSeconds.map(\.rawValue) ?? []
    downbeatsSeconds = grid?.downbeatsSeconds.map(\.rawValue) ?? []
    annotatedKey = set == "beats" ? KnownKeys.key(of: file.name)?.description : nil
  }

  /// Prints the answers on all sets of a folder.
  static func print(folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    for set in ["pop909-cl", "keys", "beats"] {
      for file in AnnotatedFile.load("\(folder)/\(set)", hasChords: set == "pop909-cl") {
        Swift.print(String(decoding: try encoder.encode(Answers(file, folder: folder, set: set)), as: UTF8.self))
      }
    }
  }
}
