import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct KeyboardStateTests {
  /// The state after tokens, which are given by name.
  private func state(_ names: String..., after start: KeyboardState = KeyboardState()) throws -> KeyboardState {
    var state = start
    for name in names { state.apply(try #require(Token(name)).rawValue) }
    return state
  }

  private func sounding(_ state: KeyboardState) -> [Int] { (0..<128).filter(state.isSounding) }

  @Test func tokensOfEachKind() throws {
    let empty = KeyboardState()
    #expect(empty.sounding.isEmpty && empty.level == nil)
    #expect((0..<128).allSatisfy { empty.ticksSinceOnset(of: $0) == nil })
    let struck = try state("VELOCITY_CHANGE pp", "NOTE_ON 0", "NOTE_ON 127")
    #expect(struck.level == 0 && sounding(struck) == [0, 127])
    #expect(struck.ticksSinceOnset(of: 0) == 0 && struck.ticksSinceOnset(of: 1) == nil)
    let later = try state("TIME_SHIFT 1", "NOTE_OFF 0", "TIME_SHIFT 512", "VELOCITY_CHANGE ff", after: struck)
    #expect(later.level == 5 && sounding(later) == [127])
    #expect([0, 127].map(later.ticksSinceOnset) == [513, 513], "a note that ended still has an onset")
    var same = later
    for id in [774, 775, 776, .max] as [UInt16] { same.apply(id) }
    #expect(same == later, "invalid ids have no effect")
  }

  @Test func soundingKeysCanBeStruckAgain() throws {
    let state = try state("NOTE_ON 60", "TIME_SHIFT 9", "NOTE_ON 60", "TIME_SHIFT 3")
    #expect(state.isSounding(60) && state.ticksSinceOnset(of: 60) == 3)
    #expect(try !self.state("NOTE_OFF 60", after: state).isSounding(60), "one note-off is enough")
  }

  @Test func aNoteOffOfASilentKeyChangesNothing() throws {
    let before = try state("NOTE_ON 60", "TIME_SHIFT 9")
    #expect(try state("NOTE_OFF 61", after: before) == before)
    let ended = try state("NOTE_OFF 60", after: before)
    #expect(try state("NOTE_OFF 60", after: ended) == ended && ended != before)
  }

  /// More than 2³¹ ticks, over a year of music, which takes 4 million tokens of 512 ticks.
  @Test func timeDoesNotEnd() throws {
    // A key with the longest possible time since its onset, and two more recent ones.
    let old = try state("NOTE_ON 19").changed(semitones: 0, levels: 0) { _ in .max }
    var state = try state("VELOCITY_CHANGE p", "NOTE_ON 20", "TIME_SHIFT 7", "NOTE_ON 21", after: old)
    var ticks = 0
    func advance(to end: Int) {
      while ticks < end {
        let shift = min(512, end - ticks)
        state.apply(UInt16(255 + shift))
        ticks += shift
      }
    }
    let overflow = Int(Int32.max) - 7
    advance(to: overflow)
    #expect([19, 20, 21].map(state.ticksSinceOnset) == [2 * overflow + 14, overflow + 7, overflow])
    state.apply(30)
    advance(to: overflow + 500)
    #expect(state.ticksSinceOnset(of: 30) == 500)
    state.apply(31)
    advance(to: overflow + 1000)
    #expect([30, 31].map(state.ticksSinceOnset) == [1000, 500])
    // For onsets that long ago the exact time does not matter.
    #expect([19, 20, 21].allSatisfy { state.ticksSinceOnset(of: $0) ?? 0 > 1 << 30 })
    #expect(sounding(state) == [19, 20, 21, 30, 31] && state.level == 1 && state.ticksSinceOnset(of: 22) == nil)
  }

  /// The clock by which charts are read.
  @Test func timeIsThatOfAllShifts() throws {
    #expect(KeyboardState().time == .zero)
    let first = try state("VELOCITY_CHANGE p", "TIME_SHIFT 9", "NOTE_ON 60", "TIME_SHIFT 512", "NOTE_OFF 60")
    #expect(first.time.rawValue == 521)
    var later = try state("NOTE_ON 61", "TIME_SHIFT 1", after: first)
    for id in [774, 775, 776] as [UInt16] { later.apply(id) }
    #expect(later.time.rawValue == 522)
    let other = try state("VELOCITY_CHANGE p", "NOTE_ON 60", "TIME_SHIFT 512", "NOTE_OFF 60")
    #expect(other == first && other.time.rawValue == 512, "the time is no part of what later tokens depend on")
    // The clock of changed music starts anew; charts of augmented windows count on it.
    #expect(first.changed(semitones: 1, levels: 0) { 2 * $0 }.time == .zero)
  }

  // MARK: Changes

  @Test func changes() throws {
    let start = try state(
      "VELOCITY_CHANGE f", "NOTE_ON 3", "TIME_SHIFT 10", "NOTE_ON 60", "NOTE_ON 125", "NOTE_OFF 3", "TIME_SHIFT 90")
    let same = start.changed(semitones: 0, levels: 0) { $0 }
    #expect(same == start && same.hashValue == start.hashValue)
    let higher = start.changed(semitones: 2, levels: 1) { $0 }
    #expect(sounding(higher) == [62, 127] && higher.level == 5)
    #expect([3, 5, 60, 62, 127].map(higher.ticksSinceOnset) == [nil, 100, nil, 90, 90])
    #expect(sounding(start.changed(semitones: 3, levels: 0) { $0 }) == [63], "keys out of range are dropped")
    let lower = start.changed(semitones: -4, levels: -9) { $0 }
    #expect(sounding(lower) == [56, 121] && lower.level == 0 && lower.ticksSinceOnset(of: 0) == nil)
    let slower = start.changed(semitones: 0, levels: 0) { 3 * $0 }
    #expect([3, 60, 125].map(slower.ticksSinceOnset) == [300, 270, 270])
    #expect(KeyboardState().changed(semitones: 5, levels: 2) { $0 } == KeyboardState())
  }

  /// A changed state evolves like the state of the changed music.
  @Test(arguments: 0..<20 as Range<UInt64>) func changesFollowTheMusic(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let tokens = (0..<400).map { _ in UInt16.random(in: 0..<774, using: &generator) }
    let semitones = Int.random(in: -12...12, using: &generator)
    var (plain, changed) = (KeyboardState(), KeyboardState())
    for (index, token) in tokens.enumerated() {
      if index == 200 { changed = plain.changed(semitones: semitones, levels: 0) { 2 * $0 } }
      plain.apply(token)
      switch token {
      case ..<256:
        let pitch = Int(token) % 128 + semitones
        guard (0..<128).contains(pitch) else { continue }
        changed.apply(UInt16(Int(token) + semitones))
      case ..<768:
        changed.apply(token)
        changed.apply(token)
      default: changed.apply(token)
      }
    }
    #expect(changed == plain.changed(semitones: semitones, levels: 0) { 2 * $0 })
  }

  /// States are equal if they have the same content, however they came about.
  @Test func equality() throws {
    let first = try state("VELOCITY_CHANGE p", "NOTE_ON 60", "TIME_SHIFT 5")
    let second = try state("TIME_SHIFT 80", "VELOCITY_CHANGE f", "VELOCITY_CHANGE p", "NOTE_ON 60", "TIME_SHIFT 5")
    #expect(first == second && first.hashValue == second.hashValue)
    for other in ["TIME_SHIFT 1", "NOTE_ON 61", "NOTE_OFF 60", "NOTE_ON 60", "VELOCITY_CHANGE mp"] {
      #expect(try state(other, after: first) != first, "\(other)")
    }
    #expect(try state("NOTE_ON 61", "NOTE_OFF 61", after: first) != first, "the onset of a key that ended counts")
  }
}
