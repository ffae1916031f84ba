internal import Glibc

/// The weight β of the KL in the loss, step by step.
///
/// β is 0 for the first `freeSteps` steps; the schedule counts from there. The cyclical schedule is that of Fu et al.
/// 2019, "Cyclical Annealing Schedule": M cycles over the ramp, in each of which β rises linearly for a share R and
/// then stays constant. The adaptive one is the controller of Ziegler et al. 2019, "Fine-Tuning Language Models from
/// Human Preferences", §2.2: β is multiplied by `1 + gain · clamp((KL − target) / target, −1, 1)` after every step, and
/// kept between a ten-thousandth of its largest value and that value.
package struct KLWeight: Codable, Hashable, Sendable {
  package private(set) var settings: Settings.KL
  /// The current weight of the controller.
  private var controlled: Double

  private static let least = 1e-4

  package init(_ settings: Settings.KL) {
    self.settings = settings
    controlled = settings.beta * Self.least
  }

  /// The weight for a step, counted from 0.
  package func callAsFunction(_ step: Int) -> Double {
    guard step >= settings.freeSteps else { return 0 }
    if settings.schedule == .adaptive { return controlled }
    return settings.beta * share(after: step - settings.freeSteps)
  }

  /// Updates the controller with the KL of a step, in nats per window.
  package mutating func observe(kl: Double, step: Int) {
    guard settings.schedule == .adaptive, step >= settings.freeSteps, kl.isFinite else { return }
    let error = min(1, max(-1, (kl - settings.target) / settings.target))
    let next = controlled * (1 + settings.gain * error)
    controlled = min(settings.beta, max(settings.beta * Self.least, next))
  }

  /// Changes the settings while keeping the state of the controller.
  mutating func change(to settings: Settings.KL) {
    self.settings = settings
    controlled = min(settings.beta, max(settings.beta * Self.least, controlled))
  }

  /// β relative to its maximum, after a number of steps of the ramp.
  private func share(after steps: Int) -> Double {
    guard steps < settings.rampSteps else { return 1 }
    let progress = Double(steps) / Double(settings.rampSteps)
    switch settings.schedule {
    case .linear, .adaptive: return progress
    case .exponential:
      let growth = settings.growth
      return abs(growth) < 1e-9 ? progress : expm1(growth * progress) / expm1(growth)
    case .cyclical:
      let inCycle = Double(steps * settings.cycles % settings.rampSteps) / Double(settings.rampSteps)
      return settings.cycleRamp > 0 ? min(1, inCycle / settings.cycleRamp) : 1
    }
  }
}
