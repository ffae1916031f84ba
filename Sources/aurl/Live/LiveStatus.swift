import Improvisation
import MusicAnalysis
import MusicCore

/// A line on a terminal that says who plays, the key and how loud.
struct LiveStatus: Sendable {
  private let line: SharedProgressLine

  init(isQuiet: Bool) { line = SharedProgressLine(isQuiet: isQuiet) }

  func show(_ session: DuetSession) {
    let duet = session.duet
    let player =
      switch duet.taking.state {
      case .listening, .closing: "you   "
      case .answering, .ending: "aurl  "
      case .stopped: "silent"
      }
    let key = session.improviser.follower.key?.description ?? "no key yet"
    let call = duet.call.isEmpty ? duet.turns.last?.call : duet.call
    let level = call?.level.flatMap { DynamicLevel(rawValue: UInt8($0.rounded())) }
    line.update("\(player)  \(key)  \(level.map(\.description) ?? "")  \(duet.turns.count) answers")
  }

  func clear() { line.clear() }
}
