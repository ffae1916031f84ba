import MIDIFiles
import MusicCore
import MusicTokens
import Testing

/// Files with constructs found in practice, and the tokens of the sound that a synthesizer makes of them. A quarter
/// note lasts half a second, 32 ticks of the token stream.
@Suite struct PlayedFileTests {
  private func tokens(_ bytes: [UInt8], drums: Bool = false) throws -> String {
    let score = try MIDIFile(bytes: bytes).score
    return try TokenEncoder(options: EncodingOptions(includesDrums: drums)).encode(score).map { token in
      switch token.meaning {
      case .noteOn(let pitch): "+\(pitch.rawValue)"
      case .noteOff(let pitch): "-\(pitch.rawValue)"
      case .timeShift(let ticks): "\(ticks)"
      case .velocityChange(let level): "\(level)"
      }
    }.joined(separator: " ")
  }

  private func control(_ delta: Int, _ number: UInt8, _ value: UInt8, channel: UInt8 = 0) -> [UInt8] {
    variableLength(delta) + [0xB0 | channel, number, value]
  }

  private func program(_ delta: Int, _ number: UInt8, channel: UInt8 = 0) -> [UInt8] {
    variableLength(delta) + [0xC0 | channel, number]
  }

  private func exclusive(_ delta: Int, _ bytes: [UInt8]) -> [UInt8] {
    variableLength(delta) + [0xF0] + variableLength(bytes.count + 1) + bytes + [0xF7]
  }

  private static let gsReset: [UInt8] = [0x41, 0x10, 0x42, 0x12, 0x40, 0, 0x7F, 0, 0x41]
  private static let xgReset: [UInt8] = [0x43, 0x10, 0x4C, 0, 0, 0x7E, 0]
  private static let gm2Reset: [UInt8] = [0x7E, 0x7F, 9, 3]

  /// A GS message that sets one address, with its checksum.
  private func gs(_ address: [UInt8], _ value: UInt8) -> [UInt8] {
    let sum = (address + [value]).reduce(0) { $0 + Int($1) }
    return [0x41, 0x10, 0x42, 0x12] + address + [value, UInt8((128 - sum % 128) % 128)]
  }

  // MARK: Order within an instant

  @Test func repedalingOnOneTick() throws {
    let file =
      header()
      + track(
        control(0, 64, 127), on(0, 60), off(240, 60), control(720, 64, 0), control(0, 64, 127), on(0, 64),
        off(240, 64), control(720, 64, 0))
    #expect(try tokens(file) == "f +60 64 -60 +64 64 -64")
  }

  @Test func pedalOnTheTickOfANoteOff() throws {
    let up = control(480, 64, 0)
    #expect(try tokens(header() + track(on(0, 60), off(480, 60), control(0, 64, 127), up)) == "f +60 32 -60")
    #expect(try tokens(header() + track(on(0, 60), control(480, 64, 127), off(0, 60), up)) == "f +60 64 -60")
    // Events of two tracks at one tick are in the order of the tracks.
    let (notes, pedal) = (track(on(0, 60), off(480, 60)), track(control(480, 64, 127), up))
    #expect(try tokens(header(format: 1, tracks: 2) + notes + pedal) == "f +60 32 -60")
    #expect(try tokens(header(format: 1, tracks: 2) + pedal + notes) == "f +60 64 -60")
  }

  @Test func keyThatIsStruckOnTheTickOfItsNoteOff() throws {
    let file = header() + track(on(0, 60), on(480, 60), off(0, 60), off(480, 60), on(0, 60), off(480, 60))
    #expect(try tokens(file) == "f +60 32 -60 +60 32 -60 +60 32 -60")
  }

  // MARK: Several tracks of one channel

  @Test func noteOffInAnotherTrack() throws {
    let file = header(format: 1, tracks: 2) + track(on(0, 60), [0x87, 0x40, 0xB0, 1, 0]) + track(off(480, 60))
    let read = try MIDIFile(bytes: file)
    #expect(read.notes == [note(60, 0...480)])
    #expect(read.repairs.isEmpty)
    #expect(try tokens(file) == "f +60 32 -60")
    // A note-off on another channel, port or key does not end the note.
    for other in [off(0, 60, channel: 1), meta(0, 0x21, [1]) + off(480, 60), off(480, 61)] {
      let repairs = try MIDIFile(bytes: header(format: 1, tracks: 2) + track(on(240, 60)) + track(other)).repairs
      #expect(Set(repairs.map(\.kind)).isSuperset(of: [.hangingNote, .orphanNoteOff]))
    }
  }

  @Test func noteOffsOfSeveralNotesInAnotherTrack() throws {
    let file =
      header(format: 1, tracks: 2) + track(on(0, 60), on(960, 60), off(240, 60), [0x60, 0xB0, 1, 0])
      + track(off(480, 60))
    #expect(try tokens(file) == "f +60 32 -60 32 +60 16 -60")
  }

  @Test func keyHeldInOneTrackAndStruckInAnother() throws {
    let held = track(on(0, 60), off(3840, 60))
    let struck = track(on(960, 60), off(480, 60))
    for tracks in [held + struck, struck + held] {
      #expect(try tokens(header(format: 1, tracks: 2) + tracks) == "f +60 64 -60 +60 192 -60")
    }
  }

  @Test(
    arguments: [[0xB0, 123, 0], [0xB0, 120, 0], [0xB0, 126, 1], [0xF0, 5, 0x7E, 0x7F, 9, 1, 0xF7]] as [[UInt8]])
  func messageInAnotherTrackEndsNotes(message: [UInt8]) throws {
    let file =
      header(format: 1, tracks: 2) + track(variableLength(480) + message) + track(on(0, 60), on(960, 62), off(960, 60))
    #expect(try MIDIFile(bytes: file).notes.first == note(60, 0...480))
    #expect(try tokens(file) == "f +60 32 -60 32 +62 64 -62")
  }

  // MARK: Messages that end notes

  @Test(arguments: 123...127 as ClosedRange<UInt8>) func changesOfModeEndNotes(number: UInt8) throws {
    let file = header() + track(on(0, 60), control(480, number, 1), off(480, 60), on(0, 62), off(240, 62))
    #expect(try tokens(file) == "f +60 32 -60 32 +62 16 -62")
  }

  @Test(arguments: [[0x7E, 0x7F, 9, 1], gm2Reset, gsReset, xgReset]) func resetsLiftThePedal(reset: [UInt8]) throws {
    let file =
      header()
      + track(
        control(0, 64, 127), on(0, 60), off(240, 60), exclusive(720, reset), on(0, 64), off(240, 64),
        on(2640, 65), off(60, 65))
    #expect(try tokens(file) == "f +60 64 -60 +64 16 -64 176 +65 4 -65")
  }

  // MARK: Drums

  /// A note on channel 11, which the messages may make a drum part, followed by a note on channel 1.
  private func drumFile(_ messages: [UInt8]...) -> [UInt8] {
    header()
      + track(messages.flatMap { $0 }, on(0, 36, channel: 10), off(240, 36, channel: 10), on(0, 60), off(240, 60))
  }

  @Test func drumsOfGS() throws {
    let drums = drumFile(
      exclusive(0, Self.gsReset), exclusive(0, gs([0x40, 0x1A, 0x15], 2)), program(0, 0, channel: 10))
    #expect(try tokens(drums) == "16 f +60 16 -60")
    #expect(try tokens(drums, drums: true) == "f +36 16 -36 +60 16 -60")
    // A message with a wrong checksum has no effect, and a reset undoes a valid one.
    let damaged = drumFile(exclusive(0, [0x41, 0x10, 0x42, 0x12, 0x40, 0x1A, 0x15, 2, 0]))
    #expect(try tokens(damaged) == "f +36 16 -36 +60 16 -60")
    let reset = drumFile(exclusive(0, gs([0x40, 0x1A, 0x15], 1)), exclusive(0, Self.gsReset))
    #expect(try tokens(reset) == "f +36 16 -36 +60 16 -60")
  }

  @Test func channel10CanBeMelodic() throws {
    let notes = on(0, 60, channel: 9) + off(480, 60, channel: 9)
    let gsPart = exclusive(0, Self.gsReset) + exclusive(0, gs([0x40, 0x10, 0x15], 0))
    let xgPart = exclusive(0, Self.xgReset) + exclusive(0, [0x43, 0x10, 0x4C, 8, 9, 7, 0])
    let xgBank = exclusive(0, Self.xgReset) + control(0, 0, 0, channel: 9) + program(0, 0, channel: 9)
    let gm2Bank = exclusive(0, Self.gm2Reset) + control(0, 0, 121, channel: 9) + program(0, 0, channel: 9)
    for messages in [gsPart, xgPart, xgBank, gm2Bank] {
      #expect(try tokens(header() + track(messages, notes)) == "f +60 32 -60")
    }
    #expect(try tokens(header() + track(notes)) == "")
  }

  @Test(
    arguments: [
      (xgReset, 127, true), (xgReset, 126, true), (xgReset, 120, true), (xgReset, 121, false), (xgReset, 64, false),
      (gm2Reset, 120, true), (gm2Reset, 121, false), (gm2Reset, 127, false), (gsReset, 127, false),
      (gsReset, 120, false),
    ] as [([UInt8], UInt8, Bool)])
  func drumsOfBanks(reset: [UInt8], bank: UInt8, isDrums: Bool) throws {
    let bytes = drumFile(
      exclusive(0, reset), control(0, 0, bank, channel: 10), control(0, 32, 0, channel: 10), program(0, 0, channel: 10))
    #expect(try tokens(bytes) == (isDrums ? "16 f +60 16 -60" : "f +36 16 -36 +60 16 -60"))
    // A bank select takes effect only with the next program change.
    let unused = drumFile(exclusive(0, reset), control(0, 0, bank, channel: 10))
    #expect(try tokens(unused) == "f +36 16 -36 +60 16 -60")
  }

  @Test func drumsOnEveryPortAndForPartOfAPiece() throws {
    let port =
      header() + track(meta(0, 0x21, [1]), on(0, 36, channel: 9), off(240, 36, channel: 9), on(0, 60), off(240, 60))
    #expect(try tokens(port) == "16 f +60 16 -60")
    let later =
      header()
      + track(
        on(0, 36, channel: 10), off(240, 36, channel: 10), exclusive(0, gs([0x40, 0x1A, 0x15], 1)),
        on(0, 38, channel: 10), off(240, 38, channel: 10))
    #expect(try tokens(later) == "f +36 16 -36")
  }

  // MARK: Ports

  @Test func portsWithinATrack() throws {
    let file =
      header()
      + track(
        meta(0, 0x21, [0]), program(0, 16), on(0, 60), meta(240, 0x21, [1]), on(0, 60), off(240, 60),
        meta(0, 0x21, [0]), off(240, 60))
    let read = try MIDIFile(bytes: file)
    #expect(read.score.tracks[0].notes.map(\.port) == [0, 1])
    #expect(read.score.tracks[0].notes.map(\.end) == [720, 480])
    #expect(read.score.tracks[0].controls.map(\.port) == [0])
    #expect(read.repairs.isEmpty)
    let again = try MIDIFile(bytes: MIDIFile.bytes(of: read.score))
    #expect(again.score == read.score)
  }
}
