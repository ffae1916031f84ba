import Files
import Terminal
import Testing

@Suite struct FailureTests {
  @Test func aLineNamesTheSubjectFirst() {
    #expect(Failure(.usage, "a.mid", "is not there").description == "a.mid: is not there")
    #expect(Failure(.usage, nil, "name a file").description == "name a file")
  }

  @Test(arguments: [
    (FileError.Operation.open, Int32(2), Terminal.ExitStatus.noInput), (.open, 13, .inputOutput),
    (.create, 13, .cannotCreate),
    (.read, 5, .inputOutput), (.write, 28, .inputOutput),
  ])
  func fileErrorsHaveTheirExitStatus(operation: FileError.Operation, code: Int32, status: Terminal.ExitStatus) {
    let failure = Failure(FileError(path: "a.mid", operation: operation, code: code))
    #expect(failure.status == status && failure.description.hasPrefix("a.mid: cannot be "))
  }
}
