import MIDIFiles
import MusicCore
import Testing

/// The bytes of a file, and what must be read from it.
struct Fixture: CustomTestStringConvertible {
  var name: String
  var bytes: [UInt8]
  var notes: [Note]
  var repairs: [Repair]
  /// The damage for which strict reading refuses the file, or nil if it accepts the file.
  var refused: Repair.Kind?

  init(
    _ name: String, _ bytes: [UInt8], notes: [Note] = [c4], repairs: [Repair] = [], refused: Repair.Kind? = nil
  ) {
    self.name = name
    self.bytes = bytes
    self.notes = notes
    self.repairs = repairs
    self.refused = refused
  }

  var testDescription: String { name }

  /// A note on middle C of 96 ticks, which fixtures contain by default, and its eight bytes.
  static let c4 = note(60, 0...96)
  static let playC4 = on(0, 60) + off(96, 60)
}

func repair(_ kind: Repair.Kind, _ offset: Int, _ count: Int = 1) -> Repair {
  Repair(kind: kind, offset: offset, count: count)
}

/// Reads every fixture leniently and strictly.
func check(_ fixture: Fixture) throws {
  let file = try MIDIFile(bytes: fixture.bytes)
  #expect(file.notes == fixture.notes)
  #expect(Set(file.repairs) == Set(fixture.repairs))
  #expect(file.repairs.map(\.offset) == file.repairs.map(\.offset).sorted())
  if let kind = fixture.refused {
    let offset = try #require(fixture.repairs.first { $0.kind == kind }).offset
    #expect(throws: MIDIFileError.damaged(kind, offset: offset)) {
      try MIDIFile(bytes: fixture.bytes, options: .init(isStrict: true))
    }
  } else {
    #expect(try MIDIFile(bytes: fixture.bytes, options: .init(isStrict: true)).score == file.score)
  }
}
