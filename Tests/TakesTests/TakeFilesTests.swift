import Files
import Foundation
import MusicTokens
import Takes
import TestSupport
import Testing

@Suite struct TakeFilesTests {
  @Test func numbersHaveTheSameNumberOfDigits() {
    let files = TakeFiles(path: "there-is-no-such-folder", count: 10, fileExtension: "mid")
    #expect(files.path(of: 0) == "there-is-no-such-folder/take-01.mid")
    #expect(files.path(of: 8) == "there-is-no-such-folder/take-09.mid")
    #expect(files.path(of: 9) == "there-is-no-such-folder/take-10.mid")
    let nine = TakeFiles(path: "takes/", count: 9, fileExtension: "flac")
    #expect(nine.path(of: 8) == "takes/take-9.flac")
    // ".9" is not taken for an extension.
    let tempered = TakeFiles(path: "takes-0.9", count: 2, fileExtension: "mid")
    #expect(tempered.path(of: 0) == "takes-0.9/take-1.mid" && tempered.format == .midi)
    let slash = TakeFiles(path: "v.2b/", count: 1, fileExtension: "mid")
    #expect(slash.path(of: 0) == "v.2b/take-1.mid")
    #expect(TakeFiles(path: "takes.v2", count: 2, fileExtension: "mid").format == nil)
    let named = TakeFiles(path: "a/song.tokens", count: 100, fileExtension: "mid")
    #expect(named.path(of: 6) == "a/song-007.tokens" && named.path(of: 99) == "a/song-100.tokens")
  }

  @Test func aSingleTakeHasTheGivenName() throws {
    #expect(TakeFiles(path: "song", count: 1, fileExtension: "mid").path(of: 0) == "song")
    let folder = try TemporaryFolder()
    let path = folder.path("there")
    try Folder.create(path)
    #expect(TakeFiles(path: path, count: 1, fileExtension: "mid").path(of: 0) == "\(path)/take-1.mid")
  }

  @Test func extensionsDetermineTheFormat() {
    func format(_ path: String, count: Int = 1) -> TakeFormat? {
      TakeFiles(path: path, count: count, fileExtension: "mid").format
    }
    #expect(format("a.MID") == .midi && format("-") == .midi && format("takes", count: 3) == .midi)
    #expect(format("a.names") == .tokens(.names) && format("a.npy", count: 2) == .tokens(.npy))
    #expect(format("a.wav") == nil && format("a") == nil)
  }
}
