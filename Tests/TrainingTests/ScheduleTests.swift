import Datasets
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

  @Test(arguments: KLSchedule.allCases) func theWeightIsZeroInTheFreeSteps(_ schedule: KLSchedule) {
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
      #expect(weight(start) == 0, "each cycle starts at 0")
      #expect(weight(start + 25) == 0.25)
      #expect(weight(start + 50) == 0.5)
      #expect(weight(start + 99) == 0.5)
    }
  }

  @Test func theControllerHoldsTheTarget() {
    // A model whose KL responds immediately: 12 nats at a weight of 0.1, and less with larger weights.
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
    #expect(abs(weight(3) / before - 1.05 * 1.1) < 1e-12, "a step that is not finite has no effect")
    for step in 0..<1000 { weight.observe(kl: 1e9, step: step) }
    #expect(weight(2000) == 1)
    for step in 0..<10_000 { weight.observe(kl: 0, step: step) }
    #expect(weight(20_000) == 1e-4)
  }

  @Test func theControllerContinuesAfterDecoding() throws {
    var weight = weight(.adaptive)
    for step in 100..<200 { weight.observe(kl: 100, step: step) }
    let copy = try JSONDecoder().decode(KLWeight.self, from: JSONEncoder().encode(weight))
    #expect(copy(200) == weight(200))
  }

  @Test func windowsGrowInEqualIntervals() {
    let curriculum = LengthCurriculum(first: 64, window: 512, steps: 300)
    #expect(curriculum.lengths == [64, 128, 256, 512])
    #expect([0, 99, 100, 199, 200, 299, 300, 10_000].map { curriculum($0) } == [64, 64, 128, 128, 256, 256, 512, 512])
    #expect(LengthCurriculum(first: nil, window: 512, steps: 300)(0) == 512)
    #expect(LengthCurriculum(first: 64, window: 512, steps: 0)(0) == 512)
    #expect(LengthCurriculum(first: 96, window: 128, steps: 10).lengths == [96, 128], "the last is always the window")
  }

  // MARK: Data

  private func settings(_ change: (inout Settings) -> Void = { _ in }) throws -> Settings {
    var settings = Settings()
    settings.length.steps = 1000
    settings.data.weights = try #require(SourceWeights("a=2"))
    settings.data.lateWeights = try #require(SourceWeights("b=3"))
    settings.data.lateShare = 0.25
    settings.data.plainSteps = 100
    change(&settings)
    return settings
  }

  @Test func weightsChangeInTheLastShareOfARun() throws {
    let settings = try settings()
    let schedule = DataSchedule(settings)
    #expect([0, 1, 500, 749].allSatisfy { schedule($0, tokens: 0).weights == settings.data.weights })
    #expect([750, 751, 899, 999, 5000].allSatisfy { schedule($0, tokens: 0).weights == settings.data.lateWeights })
    let never = DataSchedule(try self.settings { $0.data.lateShare = 0 })
    #expect([0, 999].allSatisfy { never($0, tokens: 0).weights == settings.data.weights })
    let always = DataSchedule(try self.settings { $0.data.lateShare = 1 })
    #expect([0, 999].allSatisfy { always($0, tokens: 0).weights == settings.data.lateWeights })
  }

  @Test func theLastStepsOnlyTranspose() throws {
    let schedule = DataSchedule(try settings { ($0.data.lowestTransposition, $0.data.tempo) = (-2, 0.2) })
    let varied = Augmentation(semitones: -2...6, tempo: 0.2, levels: 1)
    #expect([0, 899].allSatisfy { schedule($0, tokens: 0).augmentation == varied })
    let transposed = Augmentation(semitones: -2...6, tempo: 0, levels: 0)
    #expect([900, 999].allSatisfy { schedule($0, tokens: 0).augmentation == transposed })
    let none = DataSchedule(try settings { $0.data.isAugmented = false })
    #expect([0, 950].allSatisfy { none($0, tokens: 0).augmentation == .none })
    let whole = DataSchedule(try settings { $0.data.plainSteps = 0 })
    #expect(whole(999, tokens: 0).augmentation == Augmentation())
  }

  /// A run of 2000 tokens with 10 in each step ends after 200 steps, unless its limit of steps comes first.
  @Test func aLimitOfTokensBringsTheEndForward() throws {
    let settings = try settings {
      $0.length.tokens = 2000
      $0.data.plainSteps = 20
    }
    let schedule = DataSchedule(settings)
    #expect([0, 1, 149].allSatisfy { schedule($0, tokens: 10 * $0).weights == settings.data.weights })
    #expect([150, 151, 199].allSatisfy { schedule($0, tokens: 10 * $0).weights == settings.data.lateWeights })
    #expect(schedule(179, tokens: 1790).augmentation == Augmentation())
    #expect(schedule(180, tokens: 1800).augmentation.tempo == 0)
    let long = DataSchedule(try self.settings { $0.length.tokens = 1_000_000 })
    #expect(long(749, tokens: 7490).weights == settings.data.weights)
    #expect(long(750, tokens: 7500).weights == settings.data.lateWeights)
  }
}
