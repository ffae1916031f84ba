import Datasets
import MusicCore
import MusicFeatures
import MusicTokens
import TestSupport
import Testing

@Suite struct AugmentationTests {
  private let data: TestDataset
  private var dataset: Dataset { data.dataset }

  init() throws { data = try TestDataset(seeds: 0..<60) }

  /// A window without and with augmentation, and the tokens of the piece before it.
  private struct Pair {
    var plain: TokenWindow
    var changed: TokenWindow
    var before: [UInt16]

    /// The notes of both windows. Fails unless both follow the rules of the token stream.
    var notes: (plain: [WindowNote], changed: [WindowNote]) {
      get throws { (try #require(WindowNote.notes(of: plain)), try #require(WindowNote.notes(of: changed))) }
    }
  }

  private func pairs(_ augmentation: Augmentation, length: Int = 64) throws -> [Pair] {
    let plain = Windows.epoch(2, of: dataset, length: length, seed: 3, Windows.Treatment(augmentation: .none))
    let changed = Windows.epoch(
      2, of: dataset, length: length, seed: 3, Windows.Treatment(augmentation: augmentation))
    #expect(plain.count == changed.count)
    let pairs = plain.indices.map { index in
      Pair(
        plain: plain[index], changed: changed[index],
        before: dataset.withTokens(of: plain.piece(at: index)) { Array($0[..<plain.offset(at: index)]) })
    }
    #expect(pairs.allSatisfy { $0.changed.tokens.count <= length })
    try #require(pairs.count { !$0.plain.start.sounding.isEmpty } > 50, "too few windows begin while notes sound")
    return pairs
  }

  /// Transposed tokens, without the notes that leave the range of MIDI.
  private func transposed(_ tokens: [UInt16], _ semitones: Int) -> [UInt16] {
    tokens.compactMap { token in
      guard token < 256 else { return token }
      let pitch = Int(token) % 128 + semitones
      return (0..<128).contains(pitch) ? UInt16(Int(token) + semitones) : nil
    }
  }

  /// The transpositions of the windows of an epoch, in semitones.
  private func shifts(of dataset: Dataset, epoch: Int) throws -> [Int] {
    let plain = Windows.epoch(epoch, of: dataset, length: 64, seed: 3, Windows.Treatment(augmentation: .none))
    let changed = Windows.epoch(
      epoch, of: dataset, length: 64, seed: 3, Windows.Treatment(augmentation: Augmentation(tempo: 0, levels: 0)))
    return try plain.indices.map { index in
      let first = { (window: TokenWindow) in window.tokens.first(where: Token.noteOns.contains).map(Int.init) }
      return try #require(first(changed[index])) - #require(first(plain[index]))
    }
  }

  /// Each window of an epoch is augmented differently, and each epoch augments it differently.
  @Test func everyWindowHasAnAugmentationOfItsOwn() throws {
    let (second, third) = (try shifts(of: dataset, epoch: 2), try shifts(of: dataset, epoch: 3))
    #expect(Set(second).count > 5)
    #expect(zip(second, third).count { $0 != $1 } > second.count / 2)
  }

  /// The pitches of the piece leave room for every transposition, so that equal random numbers would transpose equally.
  @Test func theWindowsOfOnePieceAreAugmentedDifferently() throws {
    let path = data.folder.path("one piece")
    let tokens = try TokenEncoder().encode(RandomWalk(1).score).map(\.rawValue)
    let writer = try DatasetWriter(path: path, settings: "test")
    try writer.append(tokens, as: TestDataset.record(0, tokens))
    try writer.finish()
    let shifts = try shifts(of: Dataset(path: path), epoch: 2)
    #expect(shifts.count > 5 && Set(shifts).count > 3, "\(shifts)")
  }

  /// A transposed window is a window of the transposed piece, with its tokens and its keyboard state at the start.
  @Test(arguments: [7, 64]) func transpositionIsThatOfThePiece(length: Int) throws {
    var shifts: [Int: Int] = [:]
    for pair in try pairs(Augmentation(tempo: 0, levels: 0), length: length) {
      let (plain, changed) = try pair.notes
      let shift = changed[0].pitch - plain[0].pitch
      shifts[shift, default: 0] += 1
      #expect(pair.changed.tokens == transposed(pair.plain.tokens, shift))
      #expect(pair.changed.start == KeyboardState(after: transposed(pair.before, shift)))
      let piano = 21...108
      if plain.allSatisfy({ piano.contains($0.pitch) }) { #expect(changed.allSatisfy { piano.contains($0.pitch) }) }
      #expect(changed.count == plain.count, "no sounding key is lost")
    }
    #expect(shifts.keys.sorted() == Array(-5...6))
    // Transpositions are evenly distributed: one that would leave the range is drawn again, not clamped.
    let total = shifts.values.reduce(0, +)
    #expect(shifts.filter { $0.key != 0 }.allSatisfy { $0.value < total / 6 })
  }

  @Test(arguments: [7, 64]) func levelsMoveTogetherOrNotAtAll(length: Int) throws {
    var shifts: Set<Int> = []
    for pair in try pairs(Augmentation(semitones: 0...0, tempo: 0), length: length) {
      let (plain, changed) = try pair.notes
      let isStart = { (note: WindowNote) in note.onset != nil }
      let shift = (changed.first(where: isStart)?.level ?? 0) - (plain.first(where: isStart)?.level ?? 0)
      shifts.insert(shift)
      func moved(_ tokens: [UInt16]) -> [UInt16] {
        tokens.map { (768..<774).contains($0) ? UInt16(min(773, max(768, Int($0) + shift))) : $0 }
      }
      #expect(pair.changed.tokens == moved(pair.plain.tokens))
      #expect(pair.changed.start == KeyboardState(after: moved(pair.before)))
    }
    #expect(shifts == [-1, 0, 1])
  }

  /// Every position is scaled by one factor and rounded; notes of one pitch that then coincide are merged as the
  /// encoder does. The times since onsets before the window are scaled as well.
  @Test(arguments: [7, 64]) func tempoScalesPositions(length: Int) throws {
    var factors: [Double] = []
    for pair in try pairs(Augmentation(semitones: 0...0, levels: 0), length: length) {
      let (plain, changed) = try pair.notes
      // One tempo explains all notes, except for rounding and merged notes.
      let possible = (900...1100).first { tempo in
        func scaled(_ tick: Int) -> Int { (2000 * tick + tempo) / (2 * tempo) }
        let starts = (0..<128).allSatisfy { pitch in
          pair.changed.start.ticksSinceOnset(of: pitch) == pair.plain.start.ticksSinceOnset(of: pitch).map(scaled)
        }
        guard starts else { return false }
        let held = { (notes: [WindowNote]) in notes.filter { $0.onset == nil } }
        // A note may end in one of the windows and after the end of the other.
        for (note, original) in zip(held(changed), held(plain)) {
          if let end = note.end, let before = original.end, end != scaled(before) { return false }
        }
        let expected = Set(plain.compactMap { note in note.onset.map { [scaled($0), note.pitch] } })
        let found = Set(changed.compactMap { note in note.onset.map { [$0, note.pitch] } })
        let last = min(plain.last?.onset.map(scaled) ?? 0, changed.last?.onset ?? 0)
        guard expected.filter({ $0[0] < last }) == found.filter({ $0[0] < last }) else { return false }
        let ends = Dictionary(plain.compactMap { note in note.onset.map { ([scaled($0), note.pitch], note) } }) { $1 }
        return changed.allSatisfy { note in
          guard let onset = note.onset, let end = note.end, let original = ends[[onset, note.pitch]]?.end else {
            return true
          }
          return end == max(onset + 1, scaled(original)) || end <= scaled(original)
        }
      }
      #expect(pair.changed.start.sounding == pair.plain.start.sounding)
      #expect(pair.changed.start.level == pair.plain.start.level)
      factors.append(Double(try #require(possible)))
    }
    #expect(Set(factors).count > 20)
  }

  @Test(arguments: [2, 7, 64]) func allAugmentationsTogetherKeepTheStreamValid(length: Int) throws {
    for pair in try pairs(Augmentation(), length: length) {
      let (plain, changed) = try pair.notes
      #expect(!plain.isEmpty && !changed.isEmpty)
    }
  }

  /// A window whose time shifts shrink is filled up with more tokens.
  @Test func windowsStayFull() throws {
    let plain = Windows.epoch(2, of: dataset, length: 64, seed: 3, Windows.Treatment(augmentation: .none))
    let changed = Windows.epoch(2, of: dataset, length: 64, seed: 3)
    for index in plain.indices where plain[index].tokens.count == 64 && plain[index].tokens.last != Token.endOfPiece {
      let isAtEnd = plain.offset(at: index) + 80 > plain.piece(at: index).tokens
      #expect(changed[index].tokens.count == 64 || isAtEnd)
    }
  }
}
