internal import MIDIFiles
internal import MusicAnalysis
internal import MusicCore
internal import Text

/// The analyzer's answers on a file, for other programs to score: one line of JSON per file.
struct Answers: Encodable {
  private struct Chord: Encodable {
    let startSeconds: Double
    let endSeconds: Double
    let root: Int
    let quality: String
    let bass: Int
    let confidence: Double
  }

  private struct LocalKey: Encodable {
    let startSeconds: Double
    let endSeconds: Double
    let name: String
    let confidence: Double
  }

  private struct FoundCadence: Encodable {
    let timeSeconds: Double
    let kind: String
    let confidence: Double
  }

  /// The folder and the name of the file, without `.mid`.
  private let file: String
  private let key: String?
  private let localKeys: [LocalKey]
  private let chords: [Chord]
  /// Empty except for annotated scores.
  private let cadences: [FoundCadence]
  /// Empty except for performances.
  private let beatsSeconds: [Double]
  /// Empty except for performances and annotated scores.
  private let downbeatsSeconds: [Double]
  private let firstBarNumber: Int?
  /// The key of a well-known performed piece.
  private let annotatedKey: String?
  /// The time that reading the file and finding its keys and chords took.
  private let elapsedSeconds: Double

  private init(_ file: AnnotatedFile, folder: String, set: String) {
    self.file = "\(set)/\(file.name)"
    let clock = ContinuousClock()
    let isScore = set == "harmony"
    var harmony = isScore ? Analysis(file.score, features: [.harmony]).harmony ?? file.harmony : file.harmony
    let elapsed =
      isScore
      ? .zero
      : clock.measure {
        // The file is read again, so that the time includes reading it.
        if (try? MIDIFile(path: "\(folder)/\(set)/\(file.name).mid")) != nil { harmony = file.harmony }
      }
    elapsedSeconds = elapsed / .seconds(1)
    key = harmony.key?.name.description
    localKeys = harmony.localKeys.map {
      LocalKey(
        startSeconds: $0.start.rawValue, endSeconds: $0.end.rawValue, name: $0.name.description,
        confidence: $0.confidence)
    }
    chords = harmony.chords.map {
      Chord(
        startSeconds: $0.start.rawValue, endSeconds: $0.end.rawValue, root: $0.root.pitchClass.rawValue,
        quality: $0.quality.rawValue, bass: $0.bass.pitchClass.rawValue, confidence: $0.confidence)
    }
    cadences =
      !isScore
      ? []
      : harmony.cadences.map {
        FoundCadence(timeSeconds: $0.time.rawValue, kind: $0.kind.rawValue, confidence: $0.confidence)
      }
    let grid = set == "beats" || isScore ? MetricalGrid(file.score) : nil
    firstBarNumber = grid?.firstBarNumber
    beatsSeconds = isScore ? [] : grid?.beatsSeconds.map(\.rawValue) ?? []
    downbeatsSeconds = grid?.downbeatsSeconds.map(\.rawValue) ?? []
    annotatedKey = set == "beats" ? KnownKeys.key(of: file.name)?.description : nil
  }

  /// Prints the answers on all sets of a folder.
  static func print(folder: String) throws {
    for set in ["pop909-cl", "keys", "beats", "harmony"] {
      for file in AnnotatedFile.load("\(folder)/\(set)", hasChords: set == "pop909-cl") {
        Swift.print(try JSONText.line(Answers(file, folder: folder, set: set)))
      }
    }
  }
}
