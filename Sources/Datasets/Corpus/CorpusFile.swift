package import Files

/// A file of a corpus, and the work and the split it belongs to.
package struct CorpusFile: Sendable {
  package var path: String
  /// The path relative to its folder; with several folders, prefixed with the name of the folder.
  package var name: String
  /// The work.
  package var group: String
  package var split: Split
  /// Whether the manifest or a folder name assigns the split, rather than the shares of works.
  package let isSplitStated: Bool
  /// The size in bytes.
  package var size = 0
  /// The time of modification in nanoseconds since 1970.
  package var modified = 0
  /// Why the contents of a subfolder could not be listed.
  package var failure: FileError?

  /// A file of a folder.
  ///
  /// - Parameters:
  ///   - file: The path below the folder.
  ///   - prefix: The prefix of its name.
  ///   - row: Its row in the manifest.
  ///   - shares: The shares of works to hold out where neither the manifest nor a folder named after a split
  ///     assigns one.
  package init(_ file: String, in folder: String, prefix: String, row: CorpusManifest.Row, shares: SplitShares) {
    path = folder == "/" ? "/\(file)" : "\(folder)/\(file)"
    name = prefix + file
    let folders = file.split(separator: "/").dropLast()
    let named = folders.lastIndex { Split(rawValue: String($0)) != nil }
    let work = folders[(named.map { $0 + 1 } ?? folders.startIndex)...]
    // A file directly in the top folder is a work of its own.
    let own = work.isEmpty ? file : work.joined(separator: "/")
    group = row.group ?? prefix + own
    let stated = row.split ?? named.flatMap { Split(rawValue: String(folders[$0])) }
    isSplitStated = stated != nil
    // By the name inside the folder, so that adding another folder does not change the split of a work.
    split = stated ?? shares.split(ofWork: row.group ?? own)
    if let status = try? FileStatus(path: path) { (size, modified) = (status.size, status.modified) }
  }
}
