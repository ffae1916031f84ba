/// How the weight β of the KL comes to its largest value.
package enum KLSchedule: String, Codable, CaseIterable, Sendable {
  /// In a straight line.
  case linear
  /// Along (exp(growth · x) − 1) / (exp(growth) − 1).
  case exponential
  /// From 0 anew in each cycle (Fu 2019).
  case cyclical
  /// As a controller finds it to hold a KL (Ziegler 2019).
  case adaptive
}
