import MIDIFiles
import MusicCore
import MusicTokens
import TestSupport
import Testing

/// Thousands of damaged files: nothing crashes or hangs, and the result is consistent.
@Suite struct MutationTests {
  /// Valid files of many kinds, from a hundred bytes to tens of thousands.
  static let originals: [[UInt8]] = [
    header() + track(Fixture.playC4),
    header(format: 1, tracks: 3) + track(tempo(0, 400_000), meta(0, 0x58, [3, 2, 24, 8]), tempo(99, 700_000))
      + track(meta(0, 3, Array("right".utf8)), music(notes: 40)) + track(meta(0, 0x21, [1]), music(notes: 40)),
    header(division: 0xE728)
      + track([0, 0xF0, 3, 1, 2, 0xF7], [0, 0xF0, 1, 1], [1, 0xF7, 2, 2, 0xF7], music(notes: 30)),
    header(format: 2, tracks: 2) + track(music(notes: 20)) + track(music(notes: 20)),
    ChunkTests.riff(header() + track(music(notes: 50))),
    header() + track(runningStatus(notes: 60)),
    header(format: 1, tracks: 30) + (0..<30).flatMap { _ in track(music(notes: 3)) },
    header() + track(music(notes: 4000)),
  ]

  static func music(notes: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    for index in 0..<notes {
      let pitch = UInt8(36 + index * 7 % 60)
      bytes += on(index % 200, pitch, velocity: UInt8(1 + index * 13 % 127))
      if index % 5 == 0 { bytes += [3, 0xB0, 64, index % 2 == 0 ? 127 : 0] }
      bytes += off(60, pitch)
    }
    return bytes
  }

  static func runningStatus(notes: Int) -> [UInt8] {
    var bytes: [UInt8] = [0, 0x90]
    for pitch in (0..<notes).map({ UInt8(40 + $0 % 40) }) { bytes += [pitch, 90, 50, pitch, 0, 3] }
    return bytes + [60, 0]
  }

  @Test(arguments: 0..<24) func mutants(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for index in 0..<1000 {
      // The long file is used for a tenth of the mutants.
      let original = Self.originals[index % 10 == 9 ? Self.originals.count - 1 : index % (Self.originals.count - 1)]
      let bytes = original.mutated(using: &random)
      try checkInvariants(of: bytes, "seed \(seed), mutant \(index)")
    }
  }

  /// Truncations at every length.
  @Test(arguments: originals.dropLast()) func prefixes(_ original: [UInt8]) throws {
    for count in original.indices { try checkInvariants(of: Array(original.prefix(count)), "\(count) bytes") }
  }

  /// A truncated file keeps the music before the cut.
  @Test func truncationLosesNothingBeforeIt() throws {
    let bytes = header() + track(Self.music(notes: 50))
    let whole = try MIDIFile(bytes: bytes).notes
    for count in 14..<bytes.count {
      let notes = try MIDIFile(bytes: Array(bytes.prefix(count))).notes
      #expect(zip(notes, whole).allSatisfy { $0.onset == $1.onset && $0.pitch == $1.pitch && $0.end <= $1.end })
      #expect(notes.count >= whole.count { $0.end <= notes.last?.onset ?? .zero })
    }
  }

  private func checkInvariants(of bytes: [UInt8], _ name: String) throws {
    let file: MIDIFile
    do { file = try MIDIFile(bytes: bytes) } catch {
      let isRefused = (try? MIDIFile(bytes: bytes, options: .init(isStrict: true))) == nil
      #expect(isRefused, "\(name)")
      return
    }
    let score = file.score
    let isSane =
      score.tracks.allSatisfy(\.isSane) && score.noteCount * 2 <= bytes.count && score.tracks.count * 8 <= bytes.count
      && score.tempoMap.changes.isStrictlyRising(by: \.tick) && score.timeSignatures.isRising(by: \.tick)
      && score.keySignatures.isRising(by: \.tick) && file.repairs.allSatisfy { (0...bytes.count).contains($0.offset) }
    #expect(isSane, "\(name)")
    let isDamaged = file.isDamaged
    let isRefused = (try? MIDIFile(bytes: bytes, options: .init(isStrict: true))) == nil
    #expect(isRefused == isDamaged, "\(name)")
    try checkTokens(of: score, name)
    try checkWriting(of: score, name)
  }

  private func checkTokens(of score: Score, _ name: String) throws {
    let encoder = TokenEncoder()
    let tokens: [Token]
    do { tokens = try encoder.encode(score) } catch {
      #expect(score.duration > TokenEncodingError.longest, "\(name)")
      return
    }
    let decoded = try TokenDecoder(isStrict: true).decode(tokens).score
    let again = try encoder.encode(decoded)
    #expect(again == tokens, "\(name)")
  }

  private func checkWriting(of score: Score, _ name: String) throws {
    // Long scores would take most of the time of the test.
    guard score.noteCount < 200 else { return }
    let isTooLong = score.tracks.contains { $0.end.rawValue >= Int64(Int32.max) }
    guard let bytes = try? MIDIFile.bytes(of: score) else {
      #expect(isTooLong, "\(name)")
      return
    }
    let written = try MIDIFile(bytes: bytes)
    #expect(written.score.noteCount == score.noteCount, "\(name)")
    #expect(!written.isDamaged && !isTooLong, "\(name)")
  }
}

extension Track {
  /// Everything is sorted by time, no note ends before it starts, and nothing comes after the end.
  var isSane: Bool {
    notes.isRising(by: \.onset) && controls.isRising(by: \.tick) && texts.isRising(by: \.tick)
      && systemExclusives.isRising(by: \.tick)
      && notes.allSatisfy { $0.onset >= .zero && $0.end >= $0.onset && $0.end <= end && $0.velocity.rawValue > 0 }
      && notes.allSatisfy { $0.pitch.rawValue < 128 && $0.velocity.rawValue < 128 && $0.channel.rawValue < 16 }
      && controls.allSatisfy { $0.tick <= end } && texts.allSatisfy { $0.tick <= end }
  }
}

extension Array {
  func isRising<Value: Comparable>(by value: (Element) -> Value) -> Bool {
    zip(self, dropFirst()).allSatisfy { value($0) <= value($1) }
  }

  func isStrictlyRising<Value: Comparable>(by value: (Element) -> Value) -> Bool {
    zip(self, dropFirst()).allSatisfy { value($0) < value($1) }
  }
}
