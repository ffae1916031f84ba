/// The schedule of the KL weight β.
package enum KLSchedule: String, Codable, CaseIterable, Sendable {
  /// Linear.
  case linear
  /// Along (exp(growth · x) − 1) / (exp(growth) − 1).
  case exponential
  /// Restarting from 0 in each cycle (Fu 2019).
  case cyclical
  /// Set by a controller that keeps the KL at a target (Ziegler 2019).
  case adaptive
}
