internal import Files

/// The files of a corpus, and possible mistakes in its manifest.
package struct CorpusListing: Sendable {
  /// Of several files with the same music the first in this order is kept: files explicitly held out first,
  /// then files explicitly for training, then the others, each sorted by name. Shares of works do not matter here:
  /// otherwise music that occurs several times would be held out more often.
  package private(set) var files: [CorpusFile] = []
  /// The number of files that the manifest does not list; they are left out.
  package private(set) var unlistedCount = 0

  /// The works that have files in several splits.
  package var sharedWorks: Set<String> {
    let splits = Dictionary(files.map { ($0.group, Set([$0.split])) }) { $0.union($1) }
    return Set(splits.filter { $0.value.count > 1 }.keys)
  }

  /// Lists the files of folders, each with its own `manifest.tsv` if it has one.
  ///
  /// - Parameters:
  ///   - extensions: The extensions of the files to list.
  ///   - manifest: A manifest for all folders, instead of their own.
  ///   - shares: The shares of works to hold out where neither a manifest nor a folder name assigns splits.
  /// - Throws: `DatasetError` where a folder or a manifest cannot be read. Unreadable subfolders are listed, not thrown.
  package init(
    _ folders: [String], extensions: Set<String>, manifest: CorpusManifest?, shares: SplitShares
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
        var file = CorpusFile(name, in: folder, prefix: prefix, row: .init(), shares: shares)
        file.failure = error
        files.append(file)
      }
      for file in contents.files {
        guard let row = table.map({ $0.rows[file] }) ?? CorpusManifest.Row() else {
          unlistedCount += 1
          continue
        }
        files.append(CorpusFile(file, in: folder, prefix: prefix, row: row, shares: shares))
      }
    }
    files.sort { ($0.precedence, $0.name, $0.path) < ($1.precedence, $1.name, $1.path) }
  }

  private static func manifest(of folder: String) throws(DatasetError) -> CorpusManifest? {
    let path = "\(folder)/manifest.tsv"
    guard FileSystem.isThere(path) else { return nil }
    let bytes: [UInt8]
    do throws(FileError) { bytes = try readBytes(ofFile: path) } catch { throw .file(error) }
    return try CorpusManifest(bytes, path: path)
  }
}

extension CorpusFile {
  fileprivate var precedence: Int {
    isSplitStated ? Split.byPrecedence.firstIndex(of: split) ?? 0 : Split.byPrecedence.count
  }
}
