internal import Files

/// The files of a corpus, and what its manifest may not have meant.
package struct CorpusListing: Sendable {
  /// What is held out first, so that it is kept where the same music is in both splits; then by name.
  package private(set) var files: [CorpusFile] = []
  /// How many files there are that the manifest does not list; they are left out.
  package private(set) var unlistedCount = 0

  /// The works that have files in both splits.
  package var sharedWorks: Set<String> {
    func works(_ split: Split) -> Set<String> { Set(files.filter { $0.split == split }.map(\.group)) }
    return works(.valid).intersection(works(.train))
  }

  /// Lists the files of folders, each with its own `manifest.tsv` where there is one.
  ///
  /// - Parameters:
  ///   - extensions: Those of files that are taken.
  ///   - manifest: One for all folders, instead of their own.
  ///   - validShare: The share of works that are held out where nothing else says it.
  /// - Throws: `DatasetError` where a folder or a manifest cannot be read. Folders inside that cannot are listed.
  package init(
    _ folders: [String], extensions: Set<String>, manifest: CorpusManifest?, validShare: Double
  ) throws(DatasetError) {
    for folder in folders {
      var table = manifest
      if table == nil { table = try Self.manifest(of: folder) }
      let prefix = folders.count > 1 ? "\(folder.fileName)/" : ""
      let contents: FolderContents
      do throws(FileError) { contents = try FolderContents(of: folder, extensions: extensions) } catch {
        throw .file(error)
      }
      for error in contents.failures {
        let name = String(error.path.dropFirst(folder == "/" ? 1 : folder.count + 1))
        var file = CorpusFile(name, in: folder, prefix: prefix, row: .init(), validShare: validShare)
        file.failure = error
        files.append(file)
      }
      for file in contents.files {
        guard let row = table.map({ $0.rows[file] }) ?? CorpusManifest.Row() else {
          unlistedCount += 1
          continue
        }
        files.append(CorpusFile(file, in: folder, prefix: prefix, row: row, validShare: validShare))
      }
    }
    files.sort { ($0.split == .valid ? 0 : 1, $0.name, $0.path) < ($1.split == .valid ? 0 : 1, $1.name, $1.path) }
  }

  private static func manifest(of folder: String) throws(DatasetError) -> CorpusManifest? {
    let path = "\(folder)/manifest.tsv"
    guard FileSystem.isThere(path) else { return nil }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readBytes(ofFile: path) } catch { throw .file(error) }
    return try CorpusManifest(bytes, path: path)
  }
}
