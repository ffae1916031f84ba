internal import CSndFile

/// Writes an audio file sample by sample.
///
/// The file appears under its name only when `finish()` has returned. Samples over full scale are counted in `level`
/// and, except in floating-point files, clipped.
public struct AudioFileWriter: ~Copyable {
  /// The format of the file.
  public let format: AudioFormat
  /// The level of the samples written so far, before quantization.
  public private(set) var level = PeakMeter()
  private var file: SoundFile
  private var quantizer: SampleQuantizer?
  private var words: [Int32] = []
  /// The metadata that is written after the samples.
  private var closingTags = AudioTags()

  /// Begins the file at `path`, or a stream if that is a pipe or a device.
  ///
  /// - Parameters:
  ///   - frames: the approximate length: WAV files of over 4 GiB are written as RF64 (EBU Tech 3306).
  ///   - tags: the metadata of the file; streams have none.
  public init(
    path: String, format: AudioFormat, frames: Int = 0, tags: AudioTags = AudioTags()
  ) throws(AudioError) {
    try self.init(sink: ByteSink(path: path), format: format, frames: frames, tags: tags)
  }

  /// Begins a stream on a descriptor, which the caller still owns; `name` is for messages.
  public init(descriptor: Int32, name: String, format: AudioFormat) throws(AudioError) {
    try self.init(sink: ByteSink(descriptor: descriptor, name: name), format: format, frames: 0, tags: AudioTags())
  }

  private init(sink: ByteSink, format: AudioFormat, frames: Int, tags: AudioTags) throws(AudioError) {
    file = try Self.open(sink, format, frames: frames)
    // In WAV files metadata follows the samples, so that the header has the 44 bytes that simple players assume.
    if format.container != .wav { file.set(tags) } else if file.sink.isSeekable { closingTags = tags }
    quantizer =
      format.quality != nil || format.sample == .float32 ? nil : SampleQuantizer(bits: format.sample.rawValue)
    self.format = format
  }

  private static func open(_ sink: ByteSink, _ format: AudioFormat, frames: Int) throws(AudioError) -> SoundFile {
    try check(format, isStream: !sink.isSeekable)
    return try sink.isSeekable ? self.file(sink, format, frames: frames) : stream(sink, format)
  }

  private static func file(_ sink: ByteSink, _ format: AudioFormat, frames: Int) throws(AudioError) -> SoundFile {
    let file = try SoundFile(sink: sink, format: libraryFormat(format, frames: frames), rate: format.rate)
    // That chunk would store the time of writing in floating-point WAV files.
    file.set(SFC_SET_ADD_PEAK_CHUNK, false)
    file.set(SFC_SET_CLIPPING, true)
    if format.container == .mp3 { file.setVariableBitRate() }
    if let quality = format.quality { file.setQuality(quality) }
    return file
  }

  private static func stream(_ sink: ByteSink, _ format: AudioFormat) throws(AudioError) -> SoundFile {
    try sink.write(WAVStreamHeader(format: format).bytes)
    let layout = SF_FORMAT_RAW | SF_ENDIAN_LITTLE | sampleFormat(format.sample)
    return try SoundFile(sink: sink, format: layout, rate: format.rate)
  }

  /// Appends interleaved samples.
  public mutating func write(_ samples: [Float]) throws(AudioError) {
    level.measure(samples)
    if quantizer == nil { return try file.write(samples) }
    quantizer?.quantize(samples, into: &words)
    try file.write(words)
  }

  /// Completes the file and gives it its name.
  public mutating func finish() throws(AudioError) {
    file.set(closingTags)
    try file.finish()
    try file.sink.commit()
  }

  private static func check(_ format: AudioFormat, isStream: Bool) throws(AudioError) {
    let container = format.container
    guard AudioFormat.rates.contains(format.rate) else {
      throw .unsupported(container, reason: "is written at 8000 to 192000 Hz, not at \(format.rate)")
    }
    if let rates = AudioFormat.rates(of: container), !rates.contains(format.rate) {
      let list = rates.map(String.init).joined(separator: ", ")
      throw .unsupported(container, reason: "is written at \(list) Hz, not at \(format.rate)")
    }
    if container == .flac, format.sample == .float32 {
      throw .unsupported(container, reason: "holds 16 or 24 bits, not 32-bit floating point")
    }
    if isStream, container != .wav {
      throw .unsupported(container, reason: "cannot be written to a pipe or device; use WAV")
    }
  }

  private static func libraryFormat(_ format: AudioFormat, frames: Int) -> Int {
    let bytes = frames * AudioFormat.channels * format.sample.rawValue / 8
    return switch format.container {
    case .wav: (bytes < 0xF000_0000 ? SF_FORMAT_WAV : SF_FORMAT_RF64) | sampleFormat(format.sample)
    case .flac: SF_FORMAT_FLAC | sampleFormat(format.sample)
    case .ogg: SF_FORMAT_OGG | SF_FORMAT_VORBIS
    case .opus: SF_FORMAT_OGG | SF_FORMAT_OPUS
    case .mp3: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III
    }
  }

  private static func sampleFormat(_ sample: AudioFormat.Sample) -> Int {
    switch sample {
    case .int16: SF_FORMAT_PCM_16
    case .int24: SF_FORMAT_PCM_24
    case .float32: SF_FORMAT_FLOAT
    }
  }
}
