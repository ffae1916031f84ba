public import ArgumentParser
public import Audio
import MusicCore
import Synthesis
import Terminal

extension AudioFormat.Container: ExpressibleByArgument {}

/// The options of every command that renders sound.
struct SoundOptions: ParsableArguments {
  @Option(help: "The soundfont: a file, or the name of one that `aurl soundfonts` lists.", completion: .soundFont)
  var soundfont: String?

  @Option(help: "Sample rate in Hz, 8000 to 192000.")
  var rate = 48_000

  @Option(help: "Bits per sample: 16, 24 or 32 (floating point). Not for lossy formats.")
  var bits = 16

  @Option(help: "The format if no file name implies one: wav, flac, ogg, opus or mp3. Default: wav.")
  var format: AudioFormat.Container?

  @Option(help: "Gain as a factor, up to 10.")
  var gain: Float = SynthesizerConfiguration().gain

  @Flag(help: "Normalize the true peak to −1 dBFS.")
  var normalize = false

  @Option(
    help: .time(
      "Length after the last event, up to an hour. Default: until the sound has decayed, at most 15 s."),
    transform: parseTime)
  var tail: Double?

  @Flag(help: "End where the score ends, for loops.")
  var exact = false

  @Option(
    help: .time("Where in the score to start: seconds, or minutes and seconds such as 1:30."), transform: parseTime)
  var start = 0.0

  @Flag(inversion: .prefixedNo, help: "The reverb effect.")
  var reverb = true

  @Flag(inversion: .prefixedNo, help: "The chorus effect.")
  var chorus = true

  @Option(help: "Maximum number of voices.")
  var polyphony = SynthesizerConfiguration().polyphony

  @Option(help: "The order of interpolation between samples: 0, 1, 4 or 7.")
  var interpolation = 4

  func validate() throws {
    func check(_ condition: Bool, _ message: String) throws {
      guard condition else { throw ValidationError(message) }
    }
    try check(AudioFormat.rates.contains(rate), "--rate takes 8000 to 192000, not \(rate).")
    try check(AudioFormat.Sample(rawValue: bits) != nil, "--bits takes 16, 24 or 32, not \(bits).")
    try check(gain > 0 && gain <= 10, "--gain takes a number over 0, up to 10, not \(gain).")
    try check(tail == nil || !exact, "--tail and --exact exclude each other.")
    try check((0...3600).contains(tail ?? 0), "--tail takes 0 to 3600 seconds, not \(tail ?? 0).")
    try check(start >= 0 && start < 1e6, "--start takes a time from 0, not \(start).")
    try check((1...65_535).contains(polyphony), "--polyphony takes 1 to 65535, not \(polyphony).")
    try check(
      SynthesizerConfiguration.Interpolation(rawValue: interpolation) != nil,
      "--interpolation takes 0, 1, 4 or 7, not \(interpolation).")
  }

  /// - Throws: `Failure` if there is no soundfont.
  func settings() throws(Failure) -> RenderSettings {
    do throws(SynthesisError) {
      var settings = RenderSettings(soundFont: try SoundFontCatalog.standard.choose(named: soundfont))
      settings.synthesizer.gain = gain
      settings.synthesizer.polyphony = polyphony
      settings.synthesizer.interpolation = .init(rawValue: interpolation) ?? .fourthOrder
      if !reverb { settings.synthesizer.reverb = nil }
      if !chorus { settings.synthesizer.chorus = nil }
      settings.ending = exact ? .exact : tail.map { .tail(Seconds($0)) } ?? .silence
      settings.start = Seconds(start)
      settings.sample = AudioFormat.Sample(rawValue: bits) ?? .int16
      settings.rate = rate
      settings.isNormalized = normalize
      if let folder = Environment["TMPDIR"] { settings.temporaryFolder = folder }
      return settings
    } catch { throw Failure(error, subject: "soundfont") }
  }
}

extension SoundOptions {
  /// The format of files named after their input.
  var container: AudioFormat.Container { format ?? .wav }

  /// Rejects a file whose extension contradicts --format.
  func check(_ output: String?) throws(Failure) {
    guard let format, let output, let named = AudioFormat.Container(path: output), named != format else { return }
    throw Failure(.usage, output, "the extension says \(named.rawValue), but --format says \(format.rawValue)")
  }
}
