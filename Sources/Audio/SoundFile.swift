internal import CSndFile

/// libsndfile's handle of a file being written; closed on deinitialization.
struct SoundFile: ~Copyable {
  let sink: ByteSink
  private var handle: OpaquePointer?

  /// - Parameter format: a format code of libsndfile.
  init(sink: ByteSink, format: Int, rate: Int) throws(AudioError) {
    var info = SF_INFO()
    info.samplerate = Int32(rate)
    info.channels = Int32(AudioFormat.channels)
    info.format = Int32(format)
    var callbacks = ByteSink.callbacks
    self.sink = sink
    handle = sf_open_virtual(&callbacks, Int32(SFM_WRITE), &info, Unmanaged.passUnretained(sink).toOpaque())
    if handle == nil { throw error }
  }

  /// Sets a Boolean option of libsndfile.
  func set(_ command: Int, _ isOn: Bool) { _ = sf_command(handle, Int32(command), nil, isOn ? 1 : 0) }

  /// Sets the quality of a lossy codec, 0…1.
  func setQuality(_ quality: Double) {
    var quality = quality
    _ = sf_command(handle, Int32(SFC_SET_VBR_ENCODING_QUALITY), &quality, Int32(MemoryLayout<Double>.size))
  }

  /// Selects variable bit rate.
  func setVariableBitRate() {
    var mode = Int32(SF_BITRATE_MODE_VARIABLE)
    _ = sf_command(handle, Int32(SFC_SET_BITRATE_MODE), &mode, Int32(MemoryLayout<Int32>.size))
  }

  /// Sets the metadata; must precede the samples, except in WAV files.
  func set(_ tags: AudioTags) {
    for (kind, text) in [
      (SF_STR_TITLE, tags.title), (SF_STR_ARTIST, tags.artist), (SF_STR_COPYRIGHT, tags.copyright),
    ] {
      if let text { _ = sf_set_string(handle, Int32(kind), text) }
    }
  }

  func write(_ samples: [Float]) throws(AudioError) {
    guard sf_write_float(handle, samples, sf_count_t(samples.count)) == samples.count else { throw error }
    try sink.check()
  }

  func write(_ samples: [Int32]) throws(AudioError) {
    guard sf_write_int(handle, samples, sf_count_t(samples.count)) == samples.count else { throw error }
    try sink.check()
  }

  /// Writes buffered data and the final header.
  mutating func finish() throws(AudioError) {
    sf_close(handle)
    handle = nil
    try sink.check()
  }

  deinit { if let handle { sf_close(handle) } }

  private var error: AudioError {
    do { try sink.check() } catch { return error }
    let reason = String(cString: sf_strerror(handle))
    return .library(path: sink.path, reason: reason.hasSuffix(".") ? String(reason.dropLast()) : reason)
  }
}
