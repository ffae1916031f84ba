internal import MusicCore

extension KeyState.Event {
  /// The effect of a controller on keys and pedals; nil for most controllers.
  @inline(__always)
  init?(_ controller: Controller, _ value: UInt8, pedal: EncodingOptions.Pedal) {
    switch controller {
    case .allSoundOff: self = .allSoundOff
    case _ where controller.releasesKeys: self = .allNotesOff
    case _ where pedal == .ignore: return nil
    case .sustain: self = value >= 64 ? .sustainDown : .sustainUp
    case .sostenuto: self = value >= 64 ? .sostenutoDown : .sostenutoUp
    case .resetAll: self = .pedalsUp
    default: return nil
    }
  }

  init?(_ message: ControlEvent.Message, pedal: EncodingOptions.Pedal) {
    guard case .controller(let controller, let value) = message else { return nil }
    self.init(controller, value, pedal: pedal)
  }
}

extension EventStream {
  /// The events on keys and pedals in the encoded part of a score.
  init(_ score: Score, encoding options: EncodingOptions) {
    let selection = NoteSelection(score, options)
    self.init(
      score, notes: selection.contains,
      controls: { KeyState.Event($0.message, pedal: options.pedal) != nil })
  }
}

/// The notes of a score that are encoded.
struct NoteSelection {
  private let options: EncodingOptions
  private let drums: DrumNotes

  init(_ score: Score, _ options: EncodingOptions) {
    self.options = options
    drums = score.drums
  }

  @inline(__always)
  func contains(track: Int, note: Note) -> Bool {
    if let tracks = options.tracks, !tracks.contains(track) { return false }
    if let channels = options.channels { return channels.contains(note.channel) }
    return options.includesDrums || !drums.contains(note, track: track)
  }
}
