import Layers
import Tensors
import Testing

@Suite struct MovingAverageTests {
  /// A parameter that takes the values 1, 2 … beside the recursion by hand.
  @Test(arguments: [0.5, 0.999]) func averagesWithAShortMemoryAtTheStart(decay: Double) throws {
    let parameter = try Tensor([100] as [Double], [1], name: "w").requireGradient()
    let average = try MovingAverage([parameter], decay: decay)
    var expected = 100.0
    for step in 1...30 {
      try parameter.assign(Tensor([Double(step)], [1]))
      try average.update()
      let share = min(decay, Double(step) / Double(step + 9))
      expected = share * expected + (1 - share) * Double(step)
      #expect(abs(try average.averages[0].item() - expected) < 1e-9)
    }
    #expect(average.step == 30)
    #expect(average.averages[0].name == "average of w")
    #expect(!average.averages[0].requiresGradient)
  }

  @Test func exchangingTwiceChangesNothing() throws {
    let parameters = try [[1, 2], [3, 4]].map { try Tensor($0 as [Float], [2]).requireGradient() }
    let average = try MovingAverage(parameters, decay: 0.9)
    for parameter in parameters { try parameter.scale(by: 10) }
    try average.exchange()
    #expect(try parameters.map { try $0.floats() } == [[1, 2], [3, 4]])
    #expect(try average.averages.map { try $0.floats() } == [[10, 20], [30, 40]])
    #expect(parameters.allSatisfy { $0.requiresGradient })
    try average.exchange()
    #expect(try parameters.map { try $0.floats() } == [[10, 20], [30, 40]])
    #expect(try average.averages.map { try $0.floats() } == [[1, 2], [3, 4]])
  }
}
