import Audio
import Files
import MusicCore
import Synthesis
import Terminal

/// The rendering of one score into one file.
struct Rendering: Sendable {
  /// Where the sound goes.
  enum Output: Sendable {
    case file(String, AudioFormat.Container)
    case standardOutput

    var name: String {
      switch self {
      case .file(let path, _): path
      case .standardOutput: "standard output"
      }
    }
  }

  /// What the score was read from, for messages.
  var input: String
  var score: Score
  /// The soundfont inside the input.
  var sounds: BroughtSounds?
  /// The notes that are played.
  var part: Part = .all
  var settings: RenderSettings
  var output: Output

  /// Renders and writes; several can run at once.
  ///
  /// - Parameter progress: gets the part of the score that is done, 0…1.
  func run(progress: (Double) -> Void) throws(Failure) -> RenderReport {
    var renderer = try makeRenderer()
    if settings.start > .zero {
      guard settings.start < renderer.duration else {
        throw Failure(
          .usage, Input.name(of: input),
          "--start \(settings.start.rawValue) is not before the end, at \(renderer.duration.rawValue) s")
      }
      renderer.seek(to: settings.start)
    }
    return try write(renderer, progress)
  }

  private func makeRenderer() throws(Failure) -> OfflineRenderer {
    do throws(SynthesisError) {
      return try OfflineRenderer(
        score, rate: settings.rate, soundFont: settings.soundFont.path, bringing: sounds,
        configuration: settings.synthesizer, ending: settings.ending, including: part.contains)
    } catch { throw Failure(error, subject: Input.name(of: input)) }
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
        file: Input.name(of: input), output: output.name, frames: frames, rate: settings.rate, level: writer.level,
        soundFont: sounds == nil ? settings.soundFont.path : Input.name(of: input))
    } catch { throw Failure(error, subject: output.name) }
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

  /// Renders into a scratch file, and writes that at the level where its true peak is at the aim.
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

  /// Beside the output, where as much space is needed anyway; for a stream, where temporary files go.
  private var scratchFolder: String {
    if case .file(let path, _) = output { return path.folderPath }
    return Environment["TMPDIR"] ?? "/var/tmp"
  }
}
