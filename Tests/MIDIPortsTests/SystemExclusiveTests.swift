import MIDIPorts
import MusicCore
import Playing
import Testing

struct SystemExclusiveTests {
  private let a = PortAddress(client: 20, port: 0)
  private let b = PortAddress(client: 21, port: 0)

  @Test func piecesOfSeveralSendersAreKeptApart() {
    var assembler = SystemExclusiveAssembler()
    #expect(assembler.append([0xF0, 1, 2], from: a) == nil)
    #expect(assembler.append([0xF0, 9], from: b) == nil)
    #expect(assembler.append([3], from: a) == nil)
    #expect(assembler.append([0xF7], from: b) == [9])
    #expect(assembler.append([4, 0xF7], from: a) == [1, 2, 3, 4])
  }

  @Test func messagesWithoutABeginningAreDropped() {
    var assembler = SystemExclusiveAssembler()
    #expect(assembler.append([1, 2, 0xF7], from: a) == nil)
    #expect(assembler.append([0xF0, 1], from: a) == nil)
    assembler.forget { $0 == a }
    #expect(assembler.append([2, 0xF7], from: a) == nil)
    #expect(assembler.append([0xF0, 1], from: a) == nil)
    #expect(assembler.append([0xF0, 2, 0xF7], from: a) == [2])
    #expect(assembler.append([0xF0, 0xF7], from: a) == [])
  }

  @Test func anEndlessMessageIsAbandoned() {
    var assembler = SystemExclusiveAssembler()
    _ = assembler.append([0xF0], from: a)
    for _ in 0...SystemExclusiveAssembler.limit / 1000 {
      _ = assembler.append(repeatElement(1, count: 1000), from: a)
    }
    #expect(assembler.append([0xF7], from: a) == nil)
  }

  @Test(arguments: [0, 1, 1022, 1023, 1024, 5000])
  func piecesMakeUpTheMessageAtTheSpeedOfAMIDICable(count: Int) {
    let message = MIDIMessage.systemExclusive((0..<count).map { UInt8($0 % 128) })
    let pieces = SystemExclusivePacing.pieces(of: message.bytes)
    #expect(pieces.flatMap(\.bytes) == message.bytes)
    for (index, piece) in pieces.enumerated() {
      #expect(piece.bytes.count <= 1024)
      #expect(piece.delay == Seconds(Double(index) * 1024 / 3125))
    }
    var assembler = SystemExclusiveAssembler()
    let whole = pieces.compactMap { assembler.append($0.bytes, from: a) }
    #expect(whole == [message.bytes.dropFirst().dropLast()])
  }
}
