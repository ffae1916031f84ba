internal import Files
internal import Glibc

/// The temporary folder in which a dataset is written before it is renamed. One program at a time uses it.
final class WorkFolder {
  let path: String
  private let descriptor: Int32

  /// Creates the folder where it is missing, and locks it.
  init(path: String) throws(DatasetError) {
    self.path = path
    descriptor = try Self.open(path)
  }

  private static func open(_ path: String) throws(DatasetError) -> Int32 {
    let descriptor: Int32
    do throws(FileError) {
      do throws(FileError) { try FileSystem.makeFolder(path) } catch {
        guard error.code == EEXIST else { throw error }
      }
      descriptor = try FileSystem.open(path, O_RDONLY | O_DIRECTORY)
    } catch { throw .file(FileError(path: path, operation: .create, code: error.code)) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw .occupied(path: path, reason: "another program is writing this dataset")
    }
    return descriptor
  }

  deinit { close(descriptor) }

  func path(_ name: String) -> String { "\(path)/\(name)" }

  /// Refuses an existing destination that is not a dataset or contains other files, so that none of these are deleted.
  static func check(destination path: String) throws(DatasetError) {
    guard let status = try? FileStatus(path: path, followingLinks: false) else { return }
    if (try? FileSystem.removeFolder(path)) != nil { return }
    func occupied(_ reason: String) -> DatasetError { .occupied(path: path, reason: reason) }
    guard status.kind != .link else { throw occupied("this is a symbolic link; name its target instead") }
    guard DatasetIndex.exists(at: "\(path)/\(DatasetIndex.fileName)") else {
      throw occupied("the folder exists and is not a dataset; name another one")
    }
    if let other = names(in: path).filter({ !isOurs($0) }).min() {
      throw occupied("the folder contains more than the dataset: \(other); move that away, or name another folder")
    }
  }

  /// Removes the shards from a given number on.
  func removeShards(from number: Int) throws(DatasetError) {
    for name in Self.names(in: path) where Self.isShard(name) && name >= DatasetIndex.shardName(number) {
      do throws(FileError) { try FileSystem.remove(path(name)) } catch { throw .file(error) }
    }
  }

  /// The folder in which the shards of the finished dataset are written while those of the journal are read.
  func sortedPath(_ number: Int) -> String { path(Self.sortedPrefix + DatasetIndex.shardName(number)) }

  private static let sortedPrefix = "sorted-"

  /// Removes what a crash left in it.
  func removeSorted() throws(DatasetError) {
    for name in Self.names(in: path) where name.hasPrefix(Self.sortedPrefix) {
      do throws(FileError) { try FileSystem.remove(path(name)) } catch { throw .file(error) }
    }
  }

  /// Moves these shards in place of those of the journal, which is invalid from then on.
  func useSorted(_ count: Int) throws(DatasetError) {
    do throws(FileError) {
      for number in 0..<count {
        try FileSystem.rename(sortedPath(number), to: path(DatasetIndex.shardName(number)))
      }
    } catch { throw .file(error) }
    try removeShards(from: max(1, count))
  }

  /// Gives the finished folder its name. An older dataset of this name is moved aside first, and deleted last.
  func move(to destination: String) throws(DatasetError) {
    try Self.check(destination: destination)
    guard fsync(descriptor) == 0 else { throw .file(FileError(path: path, operation: .write, code: errno)) }
    let old = "\(path).old"
    // A crash may have left an older dataset there.
    Self.removeDataset(old)
    var isReplacing = true
    do throws(FileError) { try FileSystem.rename(destination, to: old) } catch {
      guard error.code == ENOENT else { throw .file(FileError(path: old, operation: .create, code: error.code)) }
      isReplacing = false
    }
    do throws(FileError) { try FileSystem.rename(path, to: destination) } catch {
      if isReplacing { try? FileSystem.rename(old, to: destination) }
      throw .file(FileError(path: destination, operation: .create, code: error.code))
    }
    if isReplacing { Self.removeDataset(old) }
    try? FileSystem.remove("\(destination)/\(Journal.fileName)")
  }

  /// Removes the files of a dataset, and their folder if it is then empty.
  private static func removeDataset(_ folder: String) {
    for name in names(in: folder) where isOurs(name) { try? FileSystem.remove("\(folder)/\(name)") }
    try? FileSystem.removeFolder(folder)
  }

  private static func names(in folder: String) -> [String] { (try? Folder.names(in: folder)) ?? [] }

  private static func isShard(_ name: String) -> Bool {
    // The digits between "tokens-" and ".u16".
    Int(name.dropFirst(7).dropLast(4)).map(DatasetIndex.shardName) == name
  }

  private static func isOurs(_ name: String) -> Bool {
    isShard(name) || name == DatasetIndex.fileName || name == Journal.fileName
  }
}
