import Datasets
import Glibc

/// A file of a corpus, and the work and the split it belongs to.
struct CorpusInput: Sendable {
  var path: String
  /// Relative to its folder; with several folders, after the name of that.
  var name: String
  var group: String
  var split: Split
  var size = 0
  /// In ns since 1970.
  var modified = 0

  /// The files of folders: what is held out first, so that it is kept where the same music is in both splits.
  static func all(_ options: CorpusBuild) throws(Failure) -> [CorpusInput] {
    var manifest: CorpusManifest?
    if let path = options.manifest { manifest = try CorpusManifest(path: path) }
    var inputs: [CorpusInput] = []
    var unlisted = 0
    for folder in options.folders.map(\.withoutTrailingSlashes) {
      guard Folder.exists(folder) else { throw Failure(.noInput, folder, "there is no such folder") }
      let own = "\(folder)/manifest.tsv"
      var table = manifest
      if table == nil, access(own, F_OK) == 0 { table = try CorpusManifest(path: own) }
      let prefix = options.folders.count > 1 ? "\(folder.fileName)/" : ""
      for file in try Folder.files(below: folder, extensions: BatchInput.Kind.midiOrTokens.extensions) {
        guard let row = table.map({ $0.rows[file] }) ?? CorpusManifest.Row() else {
          unlisted += 1
          continue
        }
        inputs.append(CorpusInput(file, in: folder, prefix: prefix, row: row, validShare: options.validShare))
      }
    }
    guard !inputs.isEmpty else {
      let what =
        unlisted > 0 ? "the manifest lists none of the \(unlisted) files there" : "no MIDI or token files there"
      throw Failure(.noInput, options.folders.joined(separator: ", "), what)
    }
    if !options.quiet { remark(inputs, unlisted: unlisted) }
    return inputs.sorted {
      ($0.split == .valid ? 0 : 1, $0.name, $0.path) < ($1.split == .valid ? 0 : 1, $1.name, $1.path)
    }
  }

  /// Says what a manifest may not have meant.
  private static func remark(_ inputs: [CorpusInput], unlisted: Int) {
    if unlisted > 0 {
      let files = unlisted == 1 ? "file is" : "files are"
      Message.note("\(unlisted) \(files) not in the manifest and left out")
    }
    let valid = Set(inputs.filter { $0.split == .valid }.map(\.group))
    let both = valid.intersection(inputs.filter { $0.split == .train }.map(\.group))
    if let first = both.min() { Message.warning("\(both.count) works are in both splits, such as \(first)") }
  }

  private init(_ file: String, in folder: String, prefix: String, row: CorpusManifest.Row, validShare: Double) {
    path = folder == "/" ? "/\(file)" : "\(folder)/\(file)"
    name = prefix + file
    let folders = file.split(separator: "/").dropLast()
    let named = folders.lastIndex { Split(rawValue: String($0)) != nil }
    let work = folders[(named.map { $0 + 1 } ?? folders.startIndex)...]
    // A file that lies in no folder of its own is a work of its own.
    let own = work.isEmpty ? file : work.joined(separator: "/")
    group = row.group ?? prefix + own
    // By the name inside the folder: another folder beside it moves no work.
    split =
      row.split ?? named.flatMap { Split(rawValue: String(folders[$0])) }
      ?? (Split.share(of: row.group ?? own) < validShare ? .valid : .train)
    var status = stat()
    if stat(path, &status) == 0 {
      size = Int(status.st_size)
      modified = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
    }
  }
}
