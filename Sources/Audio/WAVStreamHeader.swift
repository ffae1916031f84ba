/// The header of a WAV file whose length is not known when it begins, as on a pipe: both lengths have all bits
/// set, which readers take as "to the end" ("Multimedia Programming Interface and Data Specifications 1.0",
/// IBM and Microsoft, 1991; the convention is that of common audio tools).
struct WAVStreamHeader {
  var format: AudioFormat

  /// 44 bytes.
  var bytes: [UInt8] {
    let frameBytes = format.sample.rawValue / 8 * AudioFormat.channels
    let tag = format.sample == .float32 ? 3 : 1
    var bytes: [UInt8] = []
    func append(_ value: Int, _ count: Int) {
      bytes += (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    bytes += "RIFF".utf8
    append(0xFFFF_FFFF, 4)
    bytes += "WAVEfmt ".utf8
    append(16, 4)
    append(tag, 2)
    append(AudioFormat.channels, 2)
    append(format.rate, 4)
    append(format.rate * frameBytes, 4)
    append(frameBytes, 2)
    append(format.sample.rawValue, 2)
    bytes += "data".utf8
    append(0xFFFF_FFFF, 4)
    return bytes
  }
}
