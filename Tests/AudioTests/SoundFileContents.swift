import CSndFile
import Glibc

/// The contents of a sound file as read by libsndfile.
struct SoundFileContents {
  var samples: [Float]
  var rate: Int
  var format: Int

  init?(path: String) {
    var info = SF_INFO()
    guard let handle = sf_open(path, Int32(SFM_READ), &info) else { return nil }
    defer { sf_close(handle) }
    samples = [Float](repeating: 0, count: Int(info.frames) * Int(info.channels))
    let count = sf_read_float(handle, &samples, sf_count_t(samples.count))
    samples.removeLast(samples.count - Int(count))
    (rate, format) = (Int(info.samplerate), Int(info.format))
  }
}

/// A folder that is removed after `body`.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) rethrows -> Result {
  var template = Array("/tmp/aurl-test-XXXXXX".utf8CString)
  guard mkdtemp(&template) != nil else { preconditionFailure("no temporary folder") }
  let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer {
    for name in names(in: folder) { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }
  return try body(folder)
}

/// The names of everything in a folder, including hidden files.
func names(in folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var names: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The same sine on both channels, interleaved.
func sine(_ frequency: Double, rate: Int, frames: Int, amplitude: Double = 0.5, phase: Double = 0) -> [Float] {
  (0..<2 * frames).map { index in
    Float(amplitude * sin(2 * .pi * frequency * Double(index / 2) / Double(rate) + phase))
  }
}
