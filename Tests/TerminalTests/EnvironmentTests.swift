import Terminal
import Testing

@Suite struct EnvironmentTests {
  @Test func resourcesAreBesideAProgramOrInItsCheckout() {
    #expect(
      Environment.shippedFolders("models", ofProgramIn: "/usr/local/bin").prefix(2) == [
        "/usr/local/share/aurl/models", "/usr/local/bin/models",
      ])
    let folders = Environment.shippedFolders("models", ofProgramIn: "/home/u/aurl/.build/x86_64/release")
    #expect(folders.contains("/home/u/aurl/models") && !folders.contains("/models"))
    #expect(Environment.shippedFolders("models", ofProgramIn: nil) == [])
    #expect(Environment.shippedFolders("models", ofProgramIn: "/") == ["/share/aurl/models"])
  }

  @Test func anEmptyVariableIsNotSet() {
    #expect(Environment["PATH"] != nil && Environment["AURL_TEST_NO_SUCH_VARIABLE"] == nil)
    #expect(Environment.programFolder?.hasPrefix("/") == true && Environment.processorCount > 0)
  }
}
