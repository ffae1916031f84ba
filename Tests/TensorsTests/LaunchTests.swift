import Tensors
import Testing

/// The environment variables set by a launcher such as torchrun.
@Suite struct LaunchTests {
  private func launch(_ changes: [String: String]) throws -> Launch? {
    let all = ["RANK": "1", "WORLD_SIZE": "2", "MASTER_ADDR": "somewhere", "MASTER_PORT": "29500"]
    let variables = all.merging(changes) { $1 }
    return try Launch { variables[$0] }
  }

  @Test func itIsRead() throws {
    let launch = try #require(try launch([:]))
    #expect(launch == Launch(rank: 1, count: 2, host: "somewhere", port: 29500))
    #expect(!launch.isServer && launch.localRank == 0 && launch.localCount == 1)
  }

  /// If torchrun provides the rendezvous server, none of the processes acts as the server.
  @Test func torchrunServesItself() throws {
    #expect(try launch(["RANK": "0"])?.isServer == true)
    let ofTorchrun = try launch([
      "RANK": "0", "LOCAL_RANK": "1", "LOCAL_WORLD_SIZE": "2", "TORCHELASTIC_USE_AGENT_STORE": "True",
    ])
    #expect(ofTorchrun?.isServer == false && ofTorchrun?.localRank == 1 && ofTorchrun?.localCount == 2)
    #expect(try launch(["LOCAL_RANK": "1"])?.localRank == 1, "LOCAL_WORLD_SIZE is optional")
  }

  @Test func oneOfOneIsAlone() throws {
    #expect(try launch(["RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": ""]) == nil)
    #expect(try Launch { _ in nil } == nil)
  }

  @Test(arguments: [
    (["WORLD_SIZE": ""], "WORLD_SIZE is not set"), (["RANK": ""], "RANK is not set"),
    (["RANK": "2"], "RANK must be a whole number from 0 to 1, not '2'"), (["RANK": "x"], "RANK must be"),
    (["WORLD_SIZE": "0"], "WORLD_SIZE must be a whole number from 1"), (["MASTER_ADDR": ""], "MASTER_ADDR is not set"),
    (["MASTER_PORT": "70000"], "MASTER_PORT must be a whole number from 1 to 65535, not '70000'"),
    (["LOCAL_RANK": "-1"], "LOCAL_RANK must be"), (["LOCAL_WORLD_SIZE": "3"], "LOCAL_WORLD_SIZE must be"),
    (["LOCAL_RANK": "2"], "LOCAL_RANK must be a whole number from 0 to 1, not '2'"),
    (["LOCAL_WORLD_SIZE": "1", "LOCAL_RANK": "1"], "LOCAL_RANK must be a whole number from 0 to 0, not '1'"),
  ]) func whatCannotBeIsRefused(_ changes: [String: String], _ text: String) throws {
    let error = #expect(throws: LaunchError.self) { try launch(changes) }
    #expect(error?.description.hasPrefix(text) == true, "\(String(describing: error))")
  }
}
