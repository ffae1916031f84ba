import Tensors
import Testing

@Suite struct DeviceTests {
  @Test(arguments: [("cpu", Device.cpu), ("cuda", .cuda(0)), ("cuda:0", .cuda(0)), ("cuda:3", .cuda(3))])
  func reads(text: String, device: Device) { #expect(Device(text) == device) }

  @Test(arguments: ["", "CPU", "gpu", "cuda:", "cuda:-1", "cuda:1x", "cuda1"])
  func refuses(text: String) { #expect(Device(text) == nil) }

  @Test(arguments: [Device.cpu, .cuda(0), .cuda(7)])
  func writesWhatItReads(device: Device) { #expect(Device(device.description) == device) }

  /// The error is marked as one of the machine, which lacks the GPU or whose libtorch does not support it.
  @Test func aMissingDeviceIsAnErrorOfTheMachine() throws {
    let error = try #require(throws: TensorError.self) { try Device.cuda(99).prepare() }
    #expect(error.operation == "device cuda:99" && error.isOfMachines && !error.reason.isEmpty)
  }
}
