import Foundation
import Testing
import Training

@Suite struct ScheduleTests {
  private func weight(_ schedule: KLSchedule, _ change: (inout Settings.KL) -> Void = { _ in }) -> KLWeight {
    var settings = Settings().kl
    settings.schedule = schedule
    settings.beta = 0.5
    settings.freeSteps = 100
    settings.rampSteps = 400
    change(&settings)
    return KLWeight(settings)
  }

  @Test(arguments: KLSchedule.allCases) func nothingIsWeighedInTheFreeSteps(_ schedule: KLSchedule) {
    let weight = weight(schedule)
    #expect(weight(0) == 0)
    #expect(weight(99) == 0)
    #expect(weight(130) > 0)
  }

  @Test(arguments: [KLSchedule.linear, .exponential, .cyclical]) func aRampEndsAtTheLargestWeight(
    _ schedule: KLSchedule
  ) {
    let weight = weight(schedule)
    #expect(weight(500) == 0.5)
    #expect(weight(1_000_000) == 0.5)
    #expect((0..<600).allSatisfy { 0...0.5 ~= weight($0) })
  }

  @Test func linear() {
    let weight = weight(.linear)
    #expect(weight(100) == 0)
    #expect(weight(200) == 0.125)
    #expect(weight(300) == 0.25)
  }

  @Test(arguments: [-5.0, -1, 1e-12, 0, 1, 5]) func exponential(_ growth: Double) {
    let weight = weight(.exponential) { $0.growth = growth }
    #expect(weight(100) == 0)
    let middle = abs(growth) < 1e-6 ? 0.5 : (exp(growth / 2) - 1) / (exp(growth) - 1)
    #expect(abs(weight(300) - 0.5 * middle) < 1e-9)
  }

  @Test func cyclical() {
    let weight = weight(.cyclical) {
      $0.cycles = 4
      $0.cycleRamp = 0.5
    }
    for cycle in 0..<4 {
      let start = 100 + 100 * cycle
      #expect(weight(start) == 0, "each cycle begins anew")
      #expect(weight(start + 25) == 0.25)
      #expect(weight(start + 50) == 0.5)
      #expect(weight(start + 99) == 0.5)
    }
  }

  @Test func theControllerHoldsTheTarget() {
    // A model whose KL answers at once: 12 nats at a weight of 0.1, less the larger the weight.
    var weight = weight(.adaptive) {
      $0.beta = 1
      $0.target = 12
      $0.gain = 0.05
      $0.freeSteps = 0
    }
    for step in 0..<2000 { weight.observe(kl: 1.2 / max(weight(step), 1e-6), step: step) }
    #expect(abs(weight(2000) - 0.1) < 1e-3)
  }

  @Test func theControllerChangesByItsLawAndStaysInBounds() {
    var weight = weight(.adaptive) {
      $0.beta = 1
      $0.target = 10
      $0.gain = 0.1
      $0.freeSteps = 0
    }
    let before = weight(0)
    weight.observe(kl: 15, step: 0)
    #expect(abs(weight(1) / before - 1.05) < 1e-12)
    weight.observe(kl: 1e9, step: 1)
    #expect(abs(weight(2) / before - 1.05 * 1.1) < 1e-12, "the error is clamped")
    weight.observe(kl: .nan, step: 2)
    #expect(abs(weight(3) / before - 1.05 * 1.1) < 1e-12, "a step that is not finite teaches nothing")
    for step in 0..<1000 { weight.observe(kl: 1e9, step: step) }
    #expect(weight(2000) == 1)
    for step in 0..<10_000 { weight.observe(kl: 0, step: step) }
    #expect(weight(20_000) == 1e-4)
  }

  @Test func theControllerGoesOnAfterCoding() throws {
    var weight = weight(.adaptive)
    for step in 100..<200 { weight.observe(kl: 100, step: step) }
    let copy = try JSONDecoder().decode(KLWeight.self, from: JSONEncoder().encode(weight))
    #expect(copy(200) == weight(200))
  }

  @Test func windowsGrowInEqualTimes() {
    let curriculum = LengthCurriculum(first: 64, window: 512, steps: 300)
    #expect(curriculum.lengths == [64, 128, 256, 512])
    #expect([0, 99, 100, 199, 200, 299, 300, 10_000].map { curriculum($0) } == [64, 64, 128, 128, 256, 256, 512, 512])
    #expect(LengthCurriculum(first: nil, window: 512, steps: 300)(0) == 512)
    #expect(LengthCurriculum(first: 64, window: 512, steps: 0)(0) == 512)
    #expect(LengthCurriculum(first: 96, window: 128, steps: 10).lengths == [96, 128], "the last is always the window")
  }
}
