internal import MusicAnalysis
package import MusicCore
package import MusicTokens
internal import Text

/// Builds a dataset from files, one after the other in the order of their listing.
///
///     var build = try DatasetBuild(of: listing.files, to: writer)
///     for file in listing.files[build.doneCount...] { try build.add(read(file), of: file) }
///     try build.finish()
///
/// Duplicates are removed before splits are assigned, so that a piece that occurs often is not more likely to be held
/// out. The results of an interrupted build are kept for files that have not changed.
package struct DatasetBuild {
  /// The result of reading a file.
  package enum Outcome: Sendable {
    case music(Music)
    case skipped(String)
  }

  /// The music of a file with its statistics and fingerprint, which are computed in parallel.
  package struct Music: Sendable {
    let tokens: [UInt16]
    let notes: Int
    let seconds: Double
    let chart: ChordChart
    let fingerprint: Fingerprint
  }

  /// The number of files that an interrupted build had already processed.
  package let doneCount: Int
  private let files: [CorpusFile]
  private let writer: DatasetWriter
  private var known = KnownMusic()

  /// - Throws: `DatasetError` where the files of the dataset cannot be written.
  package init(of files: [CorpusFile], to writer: DatasetWriter) throws(DatasetError) {
    (self.files, self.writer) = (files, writer)
    doneCount =
      zip(files, writer.records).prefix { file, record in
        file.path == record.input && file.size == record.size && file.modified == record.modified
          && record.piece.map { $0.split == file.split && $0.group == file.group && $0.path == file.name } ?? true
      }.count
    try writer.keep(doneCount)
    for piece in writer.records.lazy.compactMap(\.piece) {
      _ = known.insert(Fingerprint(writer.tokens(of: piece) ?? []), name: piece.path)
    }
  }

  /// Writes the piece of a file, or the reason why it is left out.
  ///
  /// - Returns: The reason why it is left out; nil if it is not.
  /// - Throws: `DatasetError` if the files of the dataset cannot be written.
  package mutating func add(_ outcome: Outcome, of file: CorpusFile) throws(DatasetError) -> String? {
    var record = DatasetWriter.Record(input: file.path, size: file.size, modified: file.modified)
    switch outcome {
    case .skipped(let reason): record.skipped = reason
    case .music(let music):
      if let original = known.insert(music.fingerprint, name: file.name) {
        record.skipped = "the same music as \(original)"
      } else {
        record.piece = Piece(
          split: file.split, path: file.name, group: file.group, notes: music.notes, seconds: music.seconds,
          chart: music.chart)
        try writer.append(music.tokens, as: record)
        return nil
      }
    }
    try writer.skip(record)
    return record.skipped
  }

  /// The outcome of a build.
  package struct Result: Sendable {
    /// The files left out because they share music with a held-out piece, each with its reason.
    package fileprivate(set) var shared: [(path: String, reason: String)] = []
    /// The number of files left out, by kind of reason.
    package fileprivate(set) var skipped: [String: Int] = [:]
    /// The tokens of the works that were assigned to a split by the shares of works.
    package fileprivate(set) var tokens: [Split: Int] = [:]
  }

  /// Leaves out pieces that share music with held-out ones, and writes the dataset: test pieces first, training last.
  /// O(tokens).
  ///
  /// - Throws: `DatasetError` where the files of the dataset cannot be written.
  package func finish() throws(DatasetError) -> Result {
    var result = Result()
    var heldOut = HeldOutMusic()
    var kept: [Piece] = []
    let pieces = zip(files, writer.records).compactMap { file, record in record.piece.map { (file, $0) } }
    for split in Split.byPrecedence {
      for (file, piece) in pieces where piece.split == split {
        let fingerprint = Fingerprint(writer.tokens(of: piece) ?? [])
        if let source = heldOut.source(of: fingerprint, in: split) {
          let what = source.split == .test ? "kept for the test" : "held out"
          result.shared.append((file.path, "it shares music with \(source.name), which is \(what)"))
          continue
        }
        if split != .train { heldOut.insert(fingerprint, name: piece.path, split: split) }
        if !file.isSplitStated { result.tokens[split, default: 0] += piece.tokens }
        kept.append(piece)
      }
    }
    result.skipped = Dictionary(
      (writer.records.compactMap(\.skipped) + result.shared.map(\.reason)).map { (Self.kind($0), 1) },
      uniquingKeysWith: +)
    try writer.finish(kept)
    return result
  }

  private static func kind(_ reason: String) -> String {
    if reason.hasPrefix("the same music") { return "duplicate" }
    if reason.hasPrefix("it shares music") { return "held out" }
    return reason.hasPrefix("no notes") || reason.hasPrefix("only ") ? "too short" : "unreadable"
  }
}

extension DatasetBuild.Outcome {
  /// The result for the tokens of a file. O(n).
  ///
  /// - Parameters:
  ///   - score: the score of the tokens, in which chords are found.
  ///   - minimumNotes: Pieces with fewer are left out.
  package init(_ tokens: [Token], of score: Score, minimumNotes: Int) {
    let notes = tokens.count(where: \.isNoteOn)
    guard notes > 0 else {
      self = .skipped("no notes")
      return
    }
    guard notes >= minimumNotes else {
      self = .skipped("only \(notes.counted("note"))")
      return
    }
    let values = tokens.map(\.rawValue)
    self = .music(
      DatasetBuild.Music(
        tokens: values, notes: notes, seconds: tokens.duration.seconds.rawValue, chart: ChordChart(score),
        fingerprint: Fingerprint(values)))
  }
}
