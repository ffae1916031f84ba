import Improvisation
import MusicCore
import TestSupport
import Testing

/// The piano roll on a terminal.
@Suite struct DisplayTests {
  private let escape: Character = "\u{1B}"

  /// The visible text of a row, without escape sequences.
  private func plain(_ row: String) -> String { row.replacing(/\u{1B}\[[0-9;]*m/, with: "") }

  private func column(_ row: String, _ pitch: Int) -> Character? {
    let text = Array(plain(row))
    return text.indices.contains(pitch - 21) ? text[pitch - 21] : nil
  }

  @Test func showsBothPlayersAndThePlan() {
    var content = RollContent()
    content.receive(on(60), from: .human, at: 9.0.s)
    content.receive(off(60), from: .human, at: 9.5.s)
    content.receive(on(64, channel: 1), from: .machine, at: 9.9.s)
    content.plan([
      PlannedEvent(tick: 10.3.s, pitch: Pitch(masking: 67), level: .mf),
      PlannedEvent(tick: 10.7.s, pitch: Pitch(masking: 67), level: nil),
      PlannedEvent(tick: 30.0.s, pitch: Pitch(masking: 70), level: .mf),
    ])
    let rows = RollPicture(width: 88, hasColors: false, hasSigns: false).rows(content, at: 10.0.s)
    #expect(rows.count == RollPicture.height)
    let now = RollPicture.rowsAhead
    #expect(column(rows[now], 60) == "+" && column(rows[now], 61) == "-")
    #expect(column(rows[now], 64) == ":" && column(rows[now + 1], 64) == "x", "it sounds")
    #expect(column(rows[now - 1], 67) == "x" && column(rows[now - 2], 67) == ":" && column(rows[now - 3], 67) == ":")
    #expect(column(rows[now + 5], 60) == "o" && column(rows[now + 4], 60) == "|" && column(rows[now + 3], 60) == "|")
    #expect(!rows.contains { column($0, 70) == "x" }, "notes far ahead are shown")
    // Colors distinguish the players and do not move anything.
    let colored = RollPicture(width: 88, hasColors: true, hasSigns: false).rows(content, at: 10.0.s)
    #expect(colored.map { plain($0).count } == rows.map { plain($0).count })
    #expect(colored[now + 5].contains("\u{1B}[0;36m") && colored[now + 1].contains("\u{1B}[0;33m"))
    #expect(
      colored[now - 1].contains("\u{1B}[0;2;33m") && !colored.contains { $0.hasSuffix("m") && !$0.hasSuffix("[m") })
    #expect(rows.allSatisfy { !$0.contains(escape) })
  }

  @Test func aNarrowTerminalShowsAllKeys() {
    var content = RollContent()
    for pitch in [21, 60, 108] { content.receive(on(pitch), from: .human, at: 1.0.s) }
    for width in [44, 60, 88, 200] {
      let rows = RollPicture(width: width, hasColors: false, hasSigns: false).rows(content, at: 1.0.s)
      #expect(rows.allSatisfy { $0.count <= width })
      #expect(rows[RollPicture.rowsAhead].filter { $0 == "o" }.count == 3)
    }
  }

  /// Ten minutes of dense playing: the stored content does not grow, and a frame that changes anything takes at most
  /// 2 KB on average.
  @Test func memoryAndOutputAreBounded() {
    var generator = SeededGenerator(seed: 5)
    var content = RollContent()
    let picture = RollPicture(width: 88, hasColors: true, hasSigns: true)
    var (shown, bytes, frames, most) = ([String](), 0, 0, 0)
    var ends: [(Int, Tick, Player)] = []
    for tenth in 0..<6000 {
      let time = Tick(ofSession: Double(tenth) / 10)
      for end in ends where end.1 <= time { content.receive(off(end.0), from: end.2, at: end.1) }
      ends.removeAll { $0.1 <= time }
      for _ in 0..<4 {
        let (pitch, player) = (
          Int.random(in: 30...100, using: &generator), generator.oneIn(2) ? Player.human : .machine
        )
        guard !ends.contains(where: { $0.0 == pitch && $0.2 == player }) else { continue }
        content.receive(on(pitch), from: player, at: time)
        ends.append((pitch, time + 0.4.s, player))
      }
      let rows = picture.rows(content, at: time)
      let changed = zip(rows, shown + Array(repeating: "", count: rows.count)).filter { $0 != $1 }
      let size = changed.reduce(0) { $0 + $1.0.utf8.count + 3 } + 2 * rows.count
      if !changed.isEmpty { (bytes, frames, most) = (bytes + size, frames + 1, max(most, size)) }
      shown = rows
      #expect(content.played.count < 400)
    }
    #expect(bytes / max(1, frames) <= 2048, "\(bytes / max(1, frames)) bytes a frame, at most \(most)")
    #expect(bytes / 600 <= 20_480, "\(bytes / 600) bytes a second")
  }
}
