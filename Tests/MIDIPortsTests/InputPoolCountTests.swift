import MIDIPorts
import Testing

struct InputPoolCountTests {
  /// Text of `/proc/asound/seq/clients` as printed by Linux 6.1.
  private let text = """
    Client info
      cur  clients : 3

    Client  14 : "Input pool :" [Kernel Legacy]
      Port   0 : "Midi Through Port-0" (RWe-)
    Client 128 : "aurl" [User Legacy]
      Port   0 : "input" (-We-)
        Connected From: 14:0
      Output pool :
        Pool size          : 2000
        Cells in use       : 1
        Peak cells in use  : 2
        Alloc success      : 3
        Alloc failures     : 4
      Input pool :
        Pool size          : 2000
        Cells in use       : 5
        Peak cells in use  : 2000
        Alloc success      : 2345
        Alloc failures     : 67
    Client 129 : "other" [User Legacy]
      Input pool :
        Cells in use       : 1
        Alloc success      : 1
        Alloc failures     : 1
    """

  @Test func isReadFromTheKernelsText() throws {
    let count = try #require(InputPoolCount(client: 128, in: text))
    #expect(count == InputPoolCount(filled: 2345, refused: 67, waiting: 5))
    #expect(count.lost(afterReading: 340) == 2067)
    #expect(InputPoolCount(client: 14, in: text) == nil)
    #expect(InputPoolCount(client: 77, in: text) == nil)
    #expect(InputPoolCount(client: 128, in: "") == nil)
  }

  @Test(arguments: [(0, 1), (1, 2), (28, 2), (29, 3), (1024, 38)])
  func dataTakesCellsOfItsOwn(bytes: Int, cells: Int) {
    #expect(InputPoolCount.cells(dataBytes: bytes) == cells)
  }
}
