import Layers
import Tensors
import Testing

@Suite struct MovingAverageTests {
  /// A parameter and a buffer.
  private func parameters() throws -> Parameters {
    let parameters = try Parameters(on: .cpu, generator: Generator(seed: 1))
    _ = try parameters.scope.parameter("w", [2], .constant(100))
    _ = try parameters.scope.buffer("mean", [2], 100)
    return parameters
  }

  /// Averages of tensors with the values 1, 2, … compared with the recursion computed here.
  @Test(arguments: [0.5, 0.999]) func averagesWithAShortMemoryAtTheStart(decay: Double) throws {
    let parameters = try parameters()
    let average = try MovingAverage(parameters, decay: decay)
    var expected = 100.0
    for step in 1...30 {
      for tensor in parameters.all { try tensor.assign(Tensor.full(Double(step), [2])) }
      try average.update()
      let share = min(decay, Double(step) / Double(step + 9))
      expected = share * expected + (1 - share) * Double(step)
      for tensor in average.averages { #expect(abs(try tensor.mean().item() - expected) < 1e-4) }
    }
    #expect(average.step == 30)
    #expect(average.averages.map(\.name) == ["average of w", "average of mean"])
    #expect(!average.averages.contains { $0.requiresGradient })
  }

  @Test func exchangingTwiceChangesNothing() throws {
    let parameters = try parameters()
    let average = try MovingAverage(parameters, decay: 0.9)
    try parameters.all[0].assign(Tensor([1, 2] as [Float], [2]))
    try parameters.all[1].assign(Tensor([3, 4] as [Float], [2]))
    try average.exchange()
    #expect(try parameters.all.map { try $0.floats() } == [[100, 100], [100, 100]])
    #expect(try average.averages.map { try $0.floats() } == [[1, 2], [3, 4]])
    #expect(parameters.all.map(\.requiresGradient) == [true, false])
    try average.exchange()
    #expect(try parameters.all.map { try $0.floats() } == [[1, 2], [3, 4]])
    #expect(try average.averages.map { try $0.floats() } == [[100, 100], [100, 100]])
  }
}
