import Improvisation
import MusicCore

/// A file in place of the person, in real time: it plays its phrases, and waits for the answer after each.
struct FilePlayer: Sendable {
  private let part: PlayerPart
  private let beat: BeatArguments
  private var phrases: ArraySlice<PlayerPart.Phrase>
  /// The start of the current phrase, and the number of its events that were played.
  private var start = Tick.zero
  private var played = 0

  init(_ part: PlayerPart, _ options: Live) {
    (self.part, beat, phrases) = (part, options.beat, part.phrases(options)[...])
  }

  /// Whether the last phrase and its answer are over.
  var isOver: Bool { phrases.isEmpty }

  /// The events up to a time that were not taken yet, with their times.
  ///
  /// - Parameter isAnswered: whether the answer to everything that was taken is over.
  mutating func take(until time: Tick, isAnswered: Bool) -> [(event: DuetDriver.Event, tick: Tick)] {
    guard let phrase = phrases.first else { return [] }
    if played == phrase.events.count, isAnswered {
      phrases.removeFirst()
      (start, played) = (part.nextStart(after: time, beat), 0)
      return []
    }
    let due = phrase.events[played...].prefix { start + $0.tick <= time }
    played += due.count
    return due.map { ($0.event, start + $0.tick) }
  }
}
