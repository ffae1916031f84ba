import Datasets
import Files
import Terminal
import Text

/// Builds a dataset from the files in folders.
struct CorpusBuilder: Sendable {
  let options: CorpusBuild
  /// The folder of the dataset.
  private var path: String { options.output.withoutTrailingSlashes }

  /// Builds the dataset, or resumes an interrupted build.
  func run() async throws -> CorpusReport {
    let files = try listing().files
    Interruption.handle()
    do {
      let writer = try DatasetWriter(path: path, settings: settings)
      let result = try await build(files, with: writer)
      guard let result else {
        Message.note("interrupted; the same command resumes it (\(path).partial)")
        Interruption.passOn()
        throw Failure(.software, nil, "the build ended without a signal")
      }
      remark(result)
      return CorpusReport(path: path, dataset: try Dataset(path: path), skipped: result.skipped)
    } catch let error as DatasetError {
      if case .file(let error) = error, error.operation == .write {
        Message.note("finished work is kept in \(path).partial; the same command resumes it")
      }
      throw Failure(error)
    }
  }

  /// Opens the dataset given to a command.
  static func open(_ path: String) throws(Failure) -> Dataset {
    do throws(DatasetError) { return try Dataset(path: path) } catch { throw Failure(error) }
  }

  /// - Returns: nil if a signal has ended the build.
  private func build(_ files: [CorpusFile], with writer: DatasetWriter) async throws -> DatasetBuild.Result? {
    var build = try DatasetBuild(of: files, to: writer)
    let done = build.doneCount
    let batch = Batch(
      names: files[done...].map(\.path), jobs: options.work.count, verb: "read",
      isQuiet: options.messages.isQuiet, progress: FileProgress(isQuiet: options.messages.isQuiet, done: done))
    let builder = self
    // Skipped files are in the records, including those of an interrupted build.
    _ = try await batch.run { index in
      Interruption.signal == nil ? builder.outcome(of: files[done + index]) : nil
    } deliver: { index, outcome in
      guard let outcome, Interruption.signal == nil else { return nil }
      let file = files[done + index]
      return try build.add(outcome, of: file).map { Failure(.malformedInput, file.path, $0) }
    }
    guard Interruption.signal == nil else { return nil }
    guard writer.records.contains(where: { $0.piece != nil }) else {
      throw Failure(.malformedInput, nil, "not one of the files has music for the dataset")
    }
    return try build.finish()
  }

  private func outcome(of file: CorpusFile) -> DatasetBuild.Outcome {
    do throws(Failure) {
      if let error = file.failure { throw Failure(error) }
      let music = try options.selection.music(file.path)
      return DatasetBuild.Outcome(music.tokens, of: music.score, minimumNotes: options.minNotes)
    } catch { return .skipped(error.message) }
  }

  // MARK: Files

  private func listing() throws(Failure) -> CorpusListing {
    let folders = options.folders.map(\.withoutTrailingSlashes)
    for folder in folders where !Folder.exists(folder) {
      throw Failure(.noInput, folder, "there is no such folder")
    }
    var manifest: CorpusManifest?
    let listing: CorpusListing
    do throws(DatasetError) {
      if let path = options.manifest { manifest = try CorpusManifest(Self.bytes(of: path), path: path) }
      listing = try CorpusListing(
        folders, extensions: BatchInput.Kind.midiOrTokens.extensions, manifest: manifest,
        shares: options.shares)
    } catch { throw Failure(error) }
    let unlisted = listing.unlistedCount
    guard !listing.files.isEmpty else {
      let what =
        unlisted > 0 ? "the manifest lists none of the \(unlisted) files there" : "no MIDI or token files there"
      throw Failure(.noInput, options.folders.joined(separator: ", "), what)
    }
    if !options.messages.isQuiet { remark(listing) }
    return listing
  }

  private static func bytes(of path: String) throws(DatasetError) -> [UInt8] {
    do throws(FileError) { return try path == "-" ? readStandardInput() : readBytes(ofFile: path) } catch {
      throw .file(error)
    }
  }

  /// Reports possible mistakes in a manifest.
  private func remark(_ listing: CorpusListing) {
    let unlisted = listing.unlistedCount
    if unlisted > 0 {
      let files = unlisted == 1 ? "file is" : "files are"
      Message.note("\(unlisted) \(files) not in the manifest and skipped")
    }
    let shared = listing.sharedWorks
    if let first = shared.min() { Message.warning("\(shared.count) works are in several splits, such as \(first)") }
  }

  /// Reports what was skipped, and deviations from the requested shares, since works are not split.
  private func remark(_ result: DatasetBuild.Result) {
    guard !options.messages.isQuiet else { return }
    for (path, reason) in result.shared { Message.note("\(path): skipped: \(reason)") }
    let total = result.tokens.values.reduce(0, +)
    for split in [Split.valid, .test] where total > 0 && options.shares[split] > 0 {
      let share = Double(result.tokens[split] ?? 0) / Double(total)
      guard !(options.shares[split] / 2...options.shares[split] * 2).contains(share) else { continue }
      Message.warning(
        """
        \(decimal(100 * share, 1)) % of the tokens are in the split \(split.rawValue), where \
        \(decimal(100 * options.shares[split], 1)) % were asked for: the works are few, or of very different length; a \
        manifest chooses them
        """)
    }
  }

  /// All settings that affect the contents of the dataset.
  private var settings: String {
    let selection = options.selection
    return """
      pedal \(selection.pedal) drums \(selection.drums) tracks \(selection.tracks) channels \(selection.channels) \
      sequence \(selection.sequence) strict \(selection.strict) min-notes \(options.minNotes) charts
      """
  }
}

extension Failure {
  init(_ error: DatasetError) {
    switch error {
    case .file(let error): self.init(error)
    case .malformed(let path, let reason): self.init(.malformedInput, path, reason)
    case .occupied(let path, let reason): self.init(.cannotCreate, path, reason)
    }
  }
}
