package import Files

/// A file of a corpus, and the work and the split it belongs to.
package struct CorpusFile: Sendable {
  package var path: String
  /// Relative to its folder; with several folders, after the name of that.
  package var name: String
  /// The work.
  package var group: String
  package var split: Split
  /// Whether the manifest or a folder says the split, and no share of the works.
  package let isSplitStated: Bool
  /// In bytes.
  package var size = 0
  /// In ns since 1970.
  package var modified = 0
  /// Why a folder is none of the files that it may hold.
  package var failure: FileError?

  /// A file of a folder.
  ///
  /// - Parameters:
  ///   - file: Its path below the folder.
  ///   - prefix: What its name begins with.
  ///   - row: What the manifest says of it.
  ///   - shares: The shares of the works that are held out where neither the manifest nor a folder named as a split
  ///     says it.
  package init(_ file: String, in folder: String, prefix: String, row: CorpusManifest.Row, shares: SplitShares) {
    path = folder == "/" ? "/\(file)" : "\(folder)/\(file)"
    name = prefix + file
    let folders = file.split(separator: "/").dropLast()
    let named = folders.lastIndex { Split(rawValue: String($0)) != nil }
    let work = folders[(named.map { $0 + 1 } ?? folders.startIndex)...]
    // A file that lies in no folder of its own is a work of its own.
    let own = work.isEmpty ? file : work.joined(separator: "/")
    group = row.group ?? prefix + own
    let stated = row.split ?? named.flatMap { Split(rawValue: String(folders[$0])) }
    isSplitStated = stated != nil
    // By the name inside the folder: another folder beside it moves no work.
    split = stated ?? shares.split(ofWork: row.group ?? own)
    if let status = try? FileStatus(path: path) { (size, modified) = (status.size, status.modified) }
  }
}
