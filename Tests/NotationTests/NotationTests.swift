import Testing
@testable import Notation
@Test func t() throws { let m = try Manuscript("part: a piano\nmeter: 4/4\na: c4/4 d e f | g/2 {3 g/4 a b}"); print(try m.score().tracks[0].notes) }
