package import Audio
internal import Files
package import MusicCore

/// Renders one score to one audio file.
package struct Rendering: Sendable {
  /// The destination of the sound.
  package enum Output: Sendable {
    case file(String, AudioFormat.Container)
    case standardOutput

    /// The output at a path, `-` for standard output, in the format of its extension; a pipe or a device gets WAV. Nil
    /// if the extension names no format.
    package init?(path: String) {
      if path == "-" {
        self = .standardOutput
        return
      }
      let isStream = (try? FileStatus(path: path))?.kind == .other
      guard let container = AudioFormat.Container(path: path) ?? (isStream ? .wav : nil) else { return nil }
      self = .file(path, container)
    }

    package var name: String {
      switch self {
      case .file(let path, _): path
      case .standardOutput: "standard output"
      }
    }
  }

  /// Why a score cannot be rendered.
  package enum Failure: Error, Hashable {
    case synthesis(SynthesisError)
    case audio(AudioError)
    /// The start is not before the end of the score.
    case startIsTooLate(Seconds, end: Seconds)
  }

  /// The name of the score's source, for the report.
  package var input: String
  package var score: Score
  /// The soundfont inside the input.
  package var sounds: SoundFontOverlay?
  /// The notes that are played.
  package var part: ScorePart
  package var settings: RenderSettings
  package var output: Output

  package init(
    input: String, score: Score, sounds: SoundFontOverlay? = nil, part: ScorePart = .all, settings: RenderSettings,
    output: Output
  ) {
    self.input = input
    self.score = score
    self.sounds = sounds
    self.part = part
    self.settings = settings
    self.output = output
  }

  /// Renders and writes the file. Several renderings can run at once.
  ///
  /// - Parameter progress: called with the fraction of the score that is done, 0…1.
  package func run(progress: (Double) -> Void) throws(Failure) -> RenderReport {
    var renderer = try makeRenderer()
    if settings.start > .zero {
      guard settings.start < renderer.duration else {
        throw .startIsTooLate(settings.start, end: renderer.duration)
      }
      renderer.seek(to: settings.start)
    }
    return try write(renderer, progress)
  }

  private func makeRenderer() throws(Failure) -> OfflineRenderer {
    do throws(SynthesisError) {
      return try OfflineRenderer(
        score, rate: settings.rate, soundFont: settings.soundFont.path, overlay: sounds,
        configuration: settings.synthesizer, ending: settings.ending, including: part.contains)
    } catch { throw .synthesis(error) }
  }

  private func write(_ renderer: consuming OfflineRenderer, _ progress: (Double) -> Void) throws(Failure)
    -> RenderReport
  {
    do throws(AudioError) {
      let expected = Int((renderer.duration.rawValue + 15) * Double(settings.rate))
      var writer = try makeWriter(frames: expected)
      var frames = 0
      if settings.isNormalized {
        try normalize(&renderer, into: &writer, &frames, progress)
      } else {
        while let samples = renderer.next() {
          try writer.write(samples)
          frames += samples.count / AudioFormat.channels
          progress(renderer.position.rawValue / renderer.duration.rawValue)
        }
      }
      try writer.finish()
      return RenderReport(
        file: input, output: output.name, frames: frames, rate: settings.rate, level: writer.level,
        soundFont: sounds == nil ? settings.soundFont.path : input)
    } catch { throw .audio(error) }
  }

  private func makeWriter(frames: Int) throws(AudioError) -> AudioFileWriter {
    switch output {
    case .file(let path, let container):
      let format = AudioFormat(container: container, sample: settings.sample, rate: settings.rate)
      return try AudioFileWriter(
        path: path, format: format, frames: frames,
        tags: AudioTags(title: score.title, artist: score.composer, copyright: score.copyright))
    case .standardOutput:
      let format = AudioFormat(container: .wav, sample: settings.sample, rate: settings.rate)
      return try AudioFileWriter(descriptor: 1, name: output.name, format: format)
    }
  }

  /// Renders to a temporary file, and copies that with the gain that sets its true peak to `normalPeak`.
  private func normalize(
    _ renderer: inout OfflineRenderer, into writer: inout AudioFileWriter, _ frames: inout Int,
    _ progress: (Double) -> Void
  ) throws(AudioError) {
    let scratch = try ScratchSound(folder: scratchFolder)
    var meter = TruePeakMeter()
    while let samples = renderer.next() {
      meter.measure(samples)
      try scratch.write(samples)
      frames += samples.count / AudioFormat.channels
      progress(renderer.position.rawValue / renderer.duration.rawValue)
    }
    meter.finish()
    let factor = meter.peak > 0 ? RenderSettings.normalPeak / meter.peak : 1
    scratch.rewind()
    while case let samples = try scratch.read(8192), !samples.isEmpty {
      try writer.write(samples.map { $0 * factor })
    }
  }

  /// The folder of the output, which needs as much space anyway; for a stream, the folder for temporary files.
  private var scratchFolder: String {
    if case .file(let path, _) = output { return path.folderPath }
    return settings.temporaryFolder
  }
}
