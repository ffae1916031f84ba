import Audio
import CSndFile
import Files
import Glibc
import Testing

struct AudioFileWriterTests {
  @Test(arguments: [
    ("a.wav", AudioFormat.Container.wav), ("dir.x/A.FLAC", .flac), ("x.Ogg", .ogg), ("a.wave", .wav), ("a.oga", .ogg),
    ("a.opus", .opus), ("a.MP3", .mp3),
  ])
  func containerOfExtension(path: String, container: AudioFormat.Container) {
    #expect(AudioFormat.Container(path: path) == container)
  }

  @Test(arguments: ["a.aac", "a", "wav", "a.wav/b", ""])
  func noContainer(path: String) { #expect(AudioFormat.Container(path: path) == nil) }

  private static let layouts: [(AudioFormat, subtype: Int, tolerance: Float)] = [
    (AudioFormat(container: .wav, sample: .int16, rate: 8000), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 1.6 / 32_768),
    (AudioFormat(container: .wav, sample: .int24, rate: 44_100), SF_FORMAT_WAV | SF_FORMAT_PCM_24, 1.6 / 8_388_608),
    (AudioFormat(container: .wav, sample: .float32, rate: 192_000), SF_FORMAT_WAV | SF_FORMAT_FLOAT, 0),
    (AudioFormat(container: .flac, sample: .int16, rate: 48_000), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1.6 / 32_768),
    (AudioFormat(container: .flac, sample: .int24, rate: 96_000), SF_FORMAT_FLAC | SF_FORMAT_PCM_24, 1.6 / 8_388_608),
    (AudioFormat(container: .ogg, sample: .int16, rate: 48_000), SF_FORMAT_OGG | SF_FORMAT_VORBIS, 0.05),
    (AudioFormat(container: .opus, sample: .int16, rate: 24_000), SF_FORMAT_OGG | SF_FORMAT_OPUS, 0.05),
    (AudioFormat(container: .mp3, sample: .int16, rate: 44_100), SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 0.05),
  ]

  @Test(arguments: 0..<8)
  func roundTrip(index: Int) throws {
    let (format, subtype, tolerance) = Self.layouts[index]
    let samples = sine(440, rate: format.rate, frames: 20_000)
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      var writer = try AudioFileWriter(path: path, format: format)
      // Blocks of unequal length; the last block of a renderer is short.
      try writer.write(Array(samples[..<8192]))
      try writer.write(Array(samples[8192..<8206]))
      try writer.write(Array(samples[8206...]))
      #expect(names(in: folder) == [], "no file appears before it is complete")
      try writer.finish()
      let read = try #require(SoundFileContents(path: path))
      #expect(read.rate == format.rate)
      #expect(read.format == subtype)
      #expect(read.samples.count == samples.count)
      // libsndfile's Opus encoder loses the last 10 ms.
      let count = format.container == .opus ? samples.count - format.rate / 50 : samples.count
      let error = zip(read.samples, samples).prefix(count).map { abs($0 - $1) }.max() ?? 1
      #expect(error <= tolerance)
    }
  }

  @Test(arguments: [AudioFormat.Container.wav, .flac, .ogg, .opus, .mp3])
  func tagsAreInTheFile(container: AudioFormat.Container) throws {
    let tags = AudioTags(title: "Für Elise", artist: "Beethoven", copyright: "none")
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      var writer = try AudioFileWriter(path: path, format: AudioFormat(container: container), tags: tags)
      try writer.write(sine(440, rate: 48_000, frames: 5000))
      try writer.finish()
      var info = SF_INFO()
      let file = try #require(sf_open(path, Int32(SFM_READ), &info))
      defer { sf_close(file) }
      let texts = [SF_STR_TITLE, SF_STR_ARTIST].map { sf_get_string(file, Int32($0)).map { String(cString: $0) } }
      #expect(texts == [tags.title, tags.artist])
      #expect(info.frames >= 5000 - 960)
      // Many programs assume that the samples of a WAV file begin at byte 44.
      if container == .wav { #expect(try readBytes(ofFile: path)[36..<40].elementsEqual("data".utf8)) }
    }
  }

  @Test(arguments: [(AudioFormat.Container.opus, 44_100), (.mp3, 96_000)])
  func ratesThatAContainerDoesNotSupport(container: AudioFormat.Container, rate: Int) {
    withTemporaryFolder { folder in
      #expect {
        _ = try AudioFileWriter(path: "\(folder)/a", format: AudioFormat(container: container, rate: rate))
      } throws: { "\($0)".contains("is written at 8000, ") && "\($0)".hasSuffix("48000 Hz, not at \(rate)") }
      #expect(names(in: folder) == [])
    }
  }

  @Test func longSoundBecomesRF64() throws {
    try withTemporaryFolder { folder in
      let format = AudioFormat(container: .wav)
      var writer = try AudioFileWriter(path: "\(folder)/a.wav", format: format, frames: 1_100_000_000)
      try writer.write([0.5, 0.5])
      try writer.finish()
      let read = try #require(SoundFileContents(path: "\(folder)/a.wav"))
      #expect(read.format & SF_FORMAT_TYPEMASK == SF_FORMAT_RF64 && read.samples.count == 2)
    }
  }

  @Test func sameInputGivesSameBytes() throws {
    let samples = sine(1000, rate: 48_000, frames: 5000)
    let files = try (0..<2).map { _ in
      try withTemporaryFolder { folder in
        var writer = try AudioFileWriter(
          path: "\(folder)/a.wav", format: AudioFormat(container: .wav, sample: .float32))
        try writer.write(samples)
        try writer.finish()
        return try readBytes(ofFile: "\(folder)/a.wav")
      }
    }
    #expect(files[0] == files[1])
  }

  @Test func samplesOverFullScaleAreClippedAndCounted() throws {
    try withTemporaryFolder { folder in
      var writer = try AudioFileWriter(path: "\(folder)/a.wav", format: AudioFormat(container: .wav))
      try writer.write([0.5, 1.5, -2, 1, -1, 0])
      #expect(writer.level.clippedSamples == 2)
      #expect(writer.level.peak == 2)
      try writer.finish()
      let read = try #require(SoundFileContents(path: "\(folder)/a.wav"))
      #expect(read.samples[1] > 0.999 && read.samples[2] == -1)
    }
  }

  @Test func abandonedFileLeavesNothing() throws {
    try withTemporaryFolder { folder in
      do {
        var writer = try AudioFileWriter(path: "\(folder)/a.flac", format: AudioFormat(container: .flac))
        try writer.write(sine(440, rate: 48_000, frames: 10_000))
      }
      #expect(names(in: folder) == [])
    }
  }

  @Test func streamOfUnknownLength() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let format = AudioFormat(container: .wav, sample: .int24, rate: 44_100)
    var writer = try AudioFileWriter(descriptor: ends[1], name: "pipe", format: format)
    try writer.write([0.5, -0.5])
    try writer.finish()
    close(ends[1])
    var bytes = [UInt8](repeating: 0, count: 100)
    let count = read(ends[0], &bytes, 100)
    close(ends[0])
    #expect(count == 44 + 6)
    #expect(Array(bytes[..<16]) == Array("RIFF".utf8) + [255, 255, 255, 255] + Array("WAVEfmt ".utf8))
    #expect(Array(bytes[20..<36]) == [1, 0, 2, 0, 0x44, 0xAC, 0, 0, 0x98, 9, 4, 0, 6, 0, 24, 0])
    let first = Int32(bytes[44]) | Int32(bytes[45]) << 8 | Int32(Int8(bitPattern: bytes[46])) << 16
    #expect(abs(first - 4_194_304) <= 2)
  }

  @Test func fullDisk() {
    #expect(throws: AudioError.file(FileError(path: "/dev/full", operation: .write, code: ENOSPC))) {
      var writer = try AudioFileWriter(path: "/dev/full", format: AudioFormat(container: .wav))
      try writer.write(sine(440, rate: 48_000, frames: 100_000))
      try writer.finish()
    }
  }

  @Test(arguments: [
    ("/dev/full", AudioFormat(container: .flac)), ("a.flac", AudioFormat(container: .flac, sample: .float32)),
    ("a.wav", AudioFormat(container: .wav, rate: 200_000)),
  ])
  func refusedFormats(path: String, format: AudioFormat) throws {
    let error = #expect(throws: AudioError.self) { _ = try AudioFileWriter(path: path, format: format) }
    guard case .unsupported = try #require(error) else { return #expect(Bool(false), "\(String(describing: error))") }
  }

  @Test func scratchReturnsWhatWasWritten() throws {
    let scratch = try ScratchSound(folder: "/tmp")
    let samples = sine(100, rate: 8000, frames: 3000)
    try scratch.write(Array(samples[..<1000]))
    try scratch.write(Array(samples[1000...]))
    scratch.rewind()
    var read: [Float] = []
    while case let part = try scratch.read(1024), !part.isEmpty { read += part }
    #expect(read == samples)
  }
}
