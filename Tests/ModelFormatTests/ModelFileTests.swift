import ModelFormat
import TestSupport
import Testing

@Suite struct ModelFileTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let plain: Configuration = {
    var configuration = Configuration.tiny
    configuration.latents = nil
    return configuration
  }()

  private static func tiny(_ change: (inout Configuration.Latents) -> Void) -> Configuration {
    var latents = Configuration.tiny.latents ?? Configuration.Latents()
    change(&latents)
    var configuration = Configuration.tiny
    configuration.latents = latents
    return configuration
  }

  @Test(
    arguments: [
      Configuration.tiny, plain, tiny { $0.prior = .mixture }, tiny { $0.prior = .flow },
      tiny { $0.normalizeMeans = true },
    ], ModelWriter.Precision.allCases)
  func roundTrip(configuration: Configuration, precision: ModelWriter.Precision) throws {
    let model = RandomModel(configuration)
    let path = folder.path("a.safetensors")
    try model.write(to: path, precision: precision)
    let file = try ModelFile(path: path)
    #expect(file.metadata == model.metadata)
    for tensor in configuration.tensors {
      let original = try #require(model.tensors[tensor.name])
      let read = file.floats(named: tensor.name)
      #expect(file.tensor(named: tensor.name).shape == tensor.shape)
      let columns = tensor.shape.last ?? 1
      for start in stride(from: 0, to: original.count, by: columns) {
        let row = start..<start + columns
        let largest = original[row].reduce(0) { max($0, $1.magnitude) }
        for index in row {
          let bound: Float =
            switch precision {
            case .half where tensor.isMatrix: original[index].magnitude * 0x1p-11 + 0x1p-25
            case .int8 where tensor.isMatrix: largest / 254 * 1.0001
            default: 0
            }
          let error = (read[index] - original[index]).magnitude
          if error > bound { Issue.record("\(tensor.name)[\(index)] is \(read[index]), not \(original[index])") }
        }
      }
    }
  }
}
