import Datasets
import MusicTokens
import TestSupport
import Testing

@Suite struct AugmentationTests {
  private let data: TestDataset
  private var dataset: Dataset { data.dataset }

  init() throws { data = try TestDataset(seeds: 0..<60) }

  /// Pairs of windows: as they are, and changed.
  private func pairs(_ augmentation: Augmentation) throws -> [(plain: [WindowNote], changed: [WindowNote])] {
    let plain = Windows.epoch(2, of: dataset, length: 64, seed: 3, augmentation: .none)
    let changed = Windows.epoch(2, of: dataset, length: 64, seed: 3, augmentation: augmentation)
    #expect(plain.count == changed.count)
    return try plain.indices.map { index in
      let notes = try [plain[index], changed[index]].map { window in
        #expect(window.count <= 64)
        return try #require(WindowNote.notes(of: window.filter { $0 != Windows.endOfPiece }))
      }
      return (notes[0], notes[1])
    }
  }

  @Test func transpositionKeepsIntervalsAndStaysInRange() throws {
    var shifts: [Int: Int] = [:]
    for (plain, changed) in try pairs(Augmentation(tempo: 0, levels: 0)) {
      let shift = changed[0].pitch - plain[0].pitch
      shifts[shift, default: 0] += 1
      #expect(
        changed == plain.map { WindowNote(onset: $0.onset, end: $0.end, pitch: $0.pitch + shift, level: $0.level) })
      let piano = 21...108
      if plain.allSatisfy({ piano.contains($0.pitch) }) { #expect(changed.allSatisfy { piano.contains($0.pitch) }) }
    }
    #expect(shifts.keys.sorted() == Array(-5...6))
    // No transposition stands out: what would leave the range is drawn anew, not clamped.
    let total = shifts.values.reduce(0, +)
    #expect(shifts.filter { $0.key != 0 }.allSatisfy { $0.value < total / 6 })
  }

  @Test func levelsMoveTogetherOrNotAtAll() throws {
    var shifts: Set<Int> = []
    for (plain, changed) in try pairs(Augmentation(semitones: 0...0, tempo: 0)) {
      let shift = changed[0].level - plain[0].level
      shifts.insert(shift)
      #expect(
        changed == plain.map { WindowNote(onset: $0.onset, end: $0.end, pitch: $0.pitch, level: $0.level + shift) })
    }
    #expect(shifts == [-1, 0, 1])
  }

  /// Every position is the old one times one factor, rounded; where notes fall on one another, the codec's rule
  /// makes them one.
  @Test func tempoScalesPositions() throws {
    var factors: [Double] = []
    for (plain, changed) in try pairs(Augmentation(semitones: 0...0, levels: 0)) {
      // A tempo explains all notes to within rounding, or two of them fell on one another.
      let possible = stride(from: 900, through: 1100, by: 1).first { tempo in
        func scaled(_ tick: Int) -> Int { (2000 * tick + tempo) / (2 * tempo) }
        let expected = Set(plain.map { [scaled($0.onset), $0.pitch] })
        let found = Set(changed.map { [$0.onset, $0.pitch] })
        let last = min(plain.last.map { scaled($0.onset) } ?? 0, changed.last?.onset ?? 0)
        guard expected.filter({ $0[0] < last }) == found.filter({ $0[0] < last }) else { return false }
        let ends = Dictionary(plain.map { ([scaled($0.onset), $0.pitch], $0) }) { $1 }
        return changed.allSatisfy { note in
          guard let end = note.end, let original = ends[[note.onset, note.pitch]]?.end else { return true }
          return end == max(note.onset + 1, scaled(original)) || end <= scaled(original)
        }
      }
      factors.append(Double(try #require(possible)))
    }
    #expect(Set(factors).count > 20)
  }

  @Test func allPartsTogetherKeepTheLaws() throws {
    for (plain, changed) in try pairs(Augmentation()) { #expect(!plain.isEmpty && !changed.isEmpty) }
  }

  /// A window that is squeezed is filled up.
  @Test func windowsStayFull() throws {
    let plain = Windows.epoch(2, of: dataset, length: 64, seed: 3, augmentation: .none)
    let changed = Windows.epoch(2, of: dataset, length: 64, seed: 3)
    for index in plain.indices where plain[index].count == 64 && plain[index].last != Windows.endOfPiece {
      let isAtEnd = plain.offset(at: index) + 80 > plain.piece(at: index).tokens
      #expect(changed[index].count == 64 || isAtEnd)
    }
  }
}
