import Files
import Improvisation
import MIDIFiles
import MusicCore
import Terminal
import Text

/// The log of a session: the recording and the data of the report.
///
/// During the session, a take with a single track grows beside the recording, so that nothing is lost if the program
/// ends unexpectedly. At the end it is replaced by the recording with a track for each player.
final class SessionLog {
  private let duet: Duet
  private let options: Live
  private let seed: UInt64
  private var recording: SessionRecording
  private var take: TakeFile?
  private var pruned = Tick.zero
  private var saves = 0

  init(_ duet: Duet, _ options: Live, seed: UInt64) {
    (self.duet, self.options, self.seed) = (duet, options, seed)
    recording = SessionRecording(program: options.playing.machineProgram, channel: options.playing.machineChannel)
    recording.note(SessionRecording.text(ofPace: duet.settings.tokensPerSecond), of: .machine, at: .zero)
    duet.onPlayed = { [weak self] player, message, tick in
      self?.recording.append(message, from: player, at: tick)
      self?.prune(tick)
      self?.save { (take: inout TakeFile) throws(FileError) in try take.append(.channel(message), at: tick) }
    }
  }

  /// How much is kept if nothing is recorded, and how much `saveRecent` saves.
  private static let (memory, recent) = (Tick(ofSession: 600), Tick(ofSession: 60))

  /// Removes old music if the whole session need not be kept.
  private func prune(_ tick: Tick) {
    guard options.record == nil, tick - pruned >= Tick(ofSession: 30) else { return }
    pruned = tick
    recording.forget(before: tick - Self.memory)
  }

  /// Saves the last minute to a file of its own.
  ///
  /// - Parameter note: reports where, or the error.
  func saveRecent(note: (String) -> Void) {
    saves += 1
    let base = options.record.map { $0.hasSuffix(".mid") ? String($0.dropLast(4)) : $0 } ?? "aurl-live-\(seed)"
    let path = "\(base)-\(saves).mid"
    do throws(Failure) {
      try Output.write(try Output.midi(recording.score(from: duet.time - Self.recent), from: path), to: path)
      note("the last minute is in \(path)")
    } catch { note("\(path): \(error.message)") }
  }

  /// Starts saving the music continuously.
  func beginTake() throws(Failure) {
    guard let path = options.record else { return }
    try Output.createParent(of: path)
    do throws(FileError) { take = try TakeFile(path: path) } catch { throw Failure(beginning: error) }
  }

  /// Writes to the take. A failure is reported once, and the session continues.
  private func save(_ write: (inout TakeFile) throws(FileError) -> Void) {
    guard var current = take.take() else { return }
    do throws(FileError) {
      try write(&current)
      take = .some(consume current)
    } catch {
      Message.warning("\(error.path): \(error); the recording continues in memory")
    }
  }

  func note(_ event: DuetDriver.Event, at tick: Tick) {
    guard let text = SessionRecording.text(of: event) else { return }
    recording.note(text, of: .human, at: tick)
    save { (take: inout TakeFile) throws(FileError) in try take.append(text: text, at: tick) }
  }

  /// The number of the model's notes that have not ended.
  var soundingCount: Int { recording.soundingCount(of: .machine) }

  func finish(_ report: SessionReport) throws(Failure) {
    for (index, turn) in duet.turns.enumerated() { describe(turn, index) }
    if let path = options.record {
      try Output.createParent(of: path)
      try Output.write(try Output.midi(recording.score(), from: path), to: path)
      do throws(FileError) { try take.take()?.discard() } catch { throw Failure(error) }
    }
    if let path = options.report {
      do {
        try Output.write(Array("\(try JSONText.line(report))\n".utf8), to: path)
      } catch let failure as Failure {
        throw failure
      } catch { throw Failure(.software, nil, "the report contains a value that is not finite") }
    }
    guard !options.messages.isQuiet else { return }
    let notes = duet.turns.reduce(0) { $0 + $1.notes }
    let place = options.record.map { ", in \($0)" } ?? ""
    Message.note("\(duet.turns.count) answers, \(notes) notes, seed \(seed)\(place)")
  }

  private func describe(_ turn: Turn, _ index: Int) {
    let entry = turn.firstOnset.map { decimal(($0 - turn.start).sessionSeconds, 2) } ?? "-"
    let text = "turn \(index + 1): \(turn.handover.rawValue), \(turn.notes) notes, entry \(entry) s"
    recording.note("\(text), seed \(seed)", of: .machine, at: turn.start)
    guard options.explain else { return }
    let cost = turn.cost
    Message.note(
      "\(decimal(turn.start.sessionSeconds, 1)) s \(text), best of \(turn.candidates): density \(decimal(cost.density, 2)), "
        + "level \(decimal(cost.level, 2)), register \(decimal(cost.register, 1)), key \(decimal(cost.key, 2)), "
        + "motif \(decimal(cost.motif, 2)), surprise \(decimal(cost.surprise, 2)); ended by \(turn.ending?.rawValue ?? "-")"
    )
  }
}
