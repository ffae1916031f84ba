internal import Audio
internal import Glibc
public import MusicCore

/// Renders a score to samples, block by block, faster than real time.
///
/// ```swift
/// var renderer = try OfflineRenderer(score, rate: 48_000, soundFont: "/usr/share/sounds/sf2/default-GM.sf2")
/// while let samples = renderer.next() { try writer.write(samples) }
/// ```
/// Messages take effect on the first multiple of 64 frames of the synthesizer that is not before them. Above
/// 96 kHz, FluidSynth's limit, it renders at half the rate and doubles it.
public struct OfflineRenderer: ~Copyable {
  /// The longest score that is rendered; a damaged file can claim to last for years.
  public static let longestHours = 24

  /// The sample rate of the result in Hz.
  public let rate: Int
  private let timeline: Timeline
  private let ending: Ending
  private var synthesizer: Synthesizer
  private var doubler: RateDoubler?
  /// Output frames per frame of the synthesizer.
  private let factor: Int
  private var frame = 0
  private var nextEvent = 0
  private var silentFrames = 0
  private var isFinished = false

  /// - Parameters:
  ///   - sounds: the soundfont inside the music file.
  ///   - configuration: its rate, bank selection and ports are replaced by those that the score needs.
  ///   - notes: whether a note is played, by the index of its track; all other events of the score apply.
  /// - Throws: `SynthesisError` if the soundfont is missing or broken, or the score has no notes or is too long.
  public init(
    _ score: Score, rate: Int, soundFont: String, overlay sounds: SoundFontOverlay? = nil,
    configuration: SynthesizerConfiguration = .init(), ending: Ending = .silence,
    including notes: (_ track: Int, Note) -> Bool = { _, _ in true }
  ) throws(SynthesisError) {
    let timeline = Timeline(score, rate: rate, including: notes)
    guard timeline.noteCount > 0 else { throw .noNotes }
    let hours = Double(timeline.end) / Double(rate) / 3600
    guard hours <= Double(Self.longestHours) else { throw .tooLong(hours: hours) }
    let factor = rate > 96_000 ? 2 : 1
    var configuration = configuration
    configuration.rate = Double(rate) / Double(factor)
    configuration.ports = timeline.ports
    configuration.bankSelection = timeline.bankSelection
    synthesizer = try Synthesizer(soundFont: soundFont, overlay: sounds, configuration: configuration)
    doubler = factor == 2 ? RateDoubler() : nil
    (self.rate, self.timeline, self.ending, self.factor) = (rate, timeline, ending, factor)
  }

  /// The end of what has been rendered, from the start of the score.
  public var position: Seconds { Seconds(Double(frame * factor) / Double(rate)) }

  /// The time from the start of the score to its last event, without the tail.
  public var duration: Seconds { Seconds(Double(lastFrame * factor) / Double(rate)) }

  /// The next samples, interleaved, or nil at the end.
  public mutating func next() -> [Float]? {
    guard !isFinished else { return nil }
    var samples = [Float](repeating: 0, count: 2 * 4096)
    let frames = fill(&samples)
    samples.removeLast(samples.count - 2 * frames)
    guard var doubler else { return samples }
    let doubled = doubler.process(samples) + (isFinished ? doubler.finish() : [])
    self.doubler = doubler
    return doubled
  }

  /// Seeks to a time in the score: sounding notes end, controllers and programs are set to their state there, and notes
  /// that started before stay silent.
  public mutating func seek(to position: Seconds) {
    synthesizer.reset()
    frame = max(0, Int((position.rawValue * Double(rate)).rounded())) / factor
    (nextEvent, silentFrames, isFinished) = (0, 0, false)
    if doubler != nil { doubler = RateDoubler() }
    while nextEvent < timeline.events.count, timeline.events[nextEvent].frame < frame * factor {
      let action = timeline.events[nextEvent].action
      switch action {
      case .message(let message, _):
        if case .control = message.kind { send(action) }
      case .systemExclusive: send(action)
      }
      nextEvent += 1
    }
  }

  /// The time of the last event, in the synthesizer's frames.
  private var lastFrame: Int {
    (ending == .exact ? timeline.end : timeline.events.last?.frame ?? 0) / factor
  }

  /// The latest end of the sound, in frames.
  private var endFrame: Int {
    let tail =
      switch ending {
      case .exact: Seconds.zero
      case .tail(let tail): tail
      case .silence: Ending.longestTail
      }
    return lastFrame + Int((tail.rawValue * synthesizer.configuration.rate).rounded())
  }

  private mutating func fill(_ samples: inout [Float]) -> Int {
    let (capacity, end) = (samples.count / 2, endFrame)
    var filled = 0
    while filled < capacity {
      dispatch()
      let frames = min(capacity - filled, framesToNextEvent, end - frame)
      if frames > 0 {
        synthesizer.render(into: &samples, frames: filled..<filled + frames)
        frame += frames
        filled += frames
      }
      if frame >= end || hasDiedAway(samples, frames: filled - max(0, frames)..<filled) {
        isFinished = true
        break
      }
    }
    fade(&samples, frames: filled, end: end)
    return filled
  }

  /// Sends the events that are due.
  private mutating func dispatch() {
    while nextEvent < timeline.events.count, timeline.events[nextEvent].frame <= frame * factor {
      send(timeline.events[nextEvent].action)
      nextEvent += 1
    }
  }

  /// The number of frames to the block in which the next event takes effect.
  private var framesToNextEvent: Int {
    guard nextEvent < timeline.events.count else { return .max }
    let due = (timeline.events[nextEvent].frame + factor - 1) / factor - frame
    return (due + Synthesizer.blockFrames - 1) / Synthesizer.blockFrames * Synthesizer.blockFrames
  }

  private func send(_ action: Timeline.Action) {
    switch action {
    case .message(let message, let port):
      synthesizer.send(message, port: Int(port))
    case .systemExclusive(let bytes, let port):
      synthesizer.send(systemExclusive: bytes, port: Int(port))
    }
  }

  private mutating func hasDiedAway(_ samples: [Float], frames: Range<Int>) -> Bool {
    guard ending == .silence, nextEvent == timeline.events.count else { return false }
    for sample in frames {
      let isSilent = abs(samples[2 * sample]) < Ending.audible && abs(samples[2 * sample + 1]) < Ending.audible
      silentFrames = isSilent ? silentFrames + 1 : 0
    }
    return Double(silentFrames) >= Ending.silentSeconds * synthesizer.configuration.rate
  }

  /// Fades out at the end of a tail, to avoid a click.
  private func fade(_ samples: inout [Float], frames: Int, end: Int) {
    guard ending != .exact else { return }
    let length = min(end - lastFrame, Int(Ending.fadeSeconds * synthesizer.configuration.rate))
    guard length > 0, end - frame < length else { return }
    for index in 0..<frames {
      let rest = end - (frame - frames + index)
      guard rest <= length else { continue }
      let factor = Float(0.5 - 0.5 * cos(.pi * Double(rest - 1) / Double(length)))
      samples[2 * index] *= factor
      samples[2 * index + 1] *= factor
    }
  }
}

extension Timeline {
  /// Yamaha's if the score has an XG reset, otherwise Roland's, which General MIDI shares.
  var bankSelection: SynthesizerConfiguration.BankSelection {
    let isXG = events.contains {
      if case .systemExclusive(let bytes, _) = $0.action {
        DeviceMessage.meanings(of: bytes).contains(.reset(.xg))
      } else {
        false
      }
    }
    return isXG ? .xg : .gs
  }
}
