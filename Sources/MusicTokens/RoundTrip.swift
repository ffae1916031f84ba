public import MusicCore

/// The differences between a score and the music decoded from its tokens.
public struct RoundTrip: Hashable, Sendable {
  /// The median onset error; at most half a tick, 7.8125 ms.
  public var medianOnsetError: Seconds
  /// The largest error of an onset.
  public var maximumOnsetError: Seconds
  /// The median velocity error, on the scale of 0…127.
  public var medianVelocityError: Int
  /// The largest error of a velocity.
  public var maximumVelocityError: Int
  /// The number of notes merged with another of the same pitch and onset.
  public var notesMerged: Int
  /// The number of notes that are missing in the stream.
  public var notesLost: Int

  /// Compares the notes of a score with those decoded from its tokens. O(n log n).
  ///
  /// - Throws: `TokenEncodingError` if the score cannot be encoded.
  public init(of score: Score, options: EncodingOptions = EncodingOptions()) throws(TokenEncodingError) {
    let tokens = try TokenEncoder(options: options).encode(score)
    self.init(of: score, tokens: tokens, options: options)
  }

  /// Compares the notes of a score with those of its tokens.
  public init(of score: Score, tokens: [Token], options: EncodingOptions = EncodingOptions()) {
    let originals = Self.notesByPitch(of: score, options: options)
    // A decoder that is not strict never throws.
    let decodedScore = (try? TokenDecoder().decode(tokens))?.score
    let decoded =
      decodedScore.map { Self.notesByPitch(of: $0, options: EncodingOptions()) } ?? originals.map { _ in [] }
    var onsetErrors: [Double] = []
    var velocityErrors: [Int] = []
    (notesMerged, notesLost) = (0, 0)
    for (originals, decoded) in zip(originals, decoded) {
      var last = -1
      for note in originals {
        guard let index = Self.nearest(to: note.onset, in: decoded),
          abs(decoded[index].onset - note.onset) <= 1 / Double(TokenTime.ticksPerSecond)
        else {
          notesLost += 1
          continue
        }
        if index == last { notesMerged += 1 }
        last = index
        onsetErrors.append(abs(decoded[index].onset - note.onset))
        velocityErrors.append(abs(decoded[index].velocity - note.velocity))
      }
    }
    onsetErrors.sort()
    velocityErrors.sort()
    medianOnsetError = Seconds(onsetErrors.isEmpty ? 0 : onsetErrors[onsetErrors.count / 2])
    maximumOnsetError = Seconds(onsetErrors.last ?? 0)
    medianVelocityError = velocityErrors.isEmpty ? 0 : velocityErrors[velocityErrors.count / 2]
    maximumVelocityError = velocityErrors.last ?? 0
  }

  private static func notesByPitch(
    of score: Score, options: EncodingOptions
  ) -> [[(onset: Double, velocity: Int)]] {
    var lists = [[(onset: Double, velocity: Int)]](repeating: [], count: 128)
    let selection = NoteSelection(score, options)
    for (index, track) in score.tracks.enumerated() {
      for note in track.notes where selection.contains(track: index, note: note) {
        let onset = score.tempoMap.seconds(at: note.onset).rawValue
        lists[Int(note.pitch.rawValue)].append((onset, Int(note.velocity.rawValue)))
      }
    }
    return lists.map { $0.sorted { $0.onset < $1.onset } }
  }

  private static func nearest(to onset: Double, in notes: [(onset: Double, velocity: Int)]) -> Int? {
    let next = notes.partitioningIndex { $0.onset >= onset }
    return [next - 1, next].filter(notes.indices.contains).min {
      abs(notes[$0].onset - onset) < abs(notes[$1].onset - onset)
    }
  }
}
