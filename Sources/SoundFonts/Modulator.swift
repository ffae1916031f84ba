/// A controller's effect on a generator (SoundFont 2.01, §8.2 and §9.5).
package struct Modulator: Hashable, Sendable {
  /// A controller with the curve that maps it to 0…1 or −1…1.
  package struct Source: RawRepresentable, Hashable, Sendable {
    /// The bits of §8.2: type, polarity, direction, and the controller's number.
    package var rawValue: UInt16

    /// Takes the bits as they are.
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Always 1.
    package static let one = Source(rawValue: 0)
    /// Velocity, falling linearly from 1 at 0 to 0 at 127.
    package static let softness = Source(rawValue: 0x0102)
    /// Velocity as a switch: 0 below 64, then 1.
    package static let velocitySwitch = Source(rawValue: 0x0C02)
    /// Key number, rising linearly from 0 to 1.
    package static let key = Source(rawValue: 0x0003)
  }

  /// The controller.
  package var source: Source
  /// The generator that it modulates.
  package var destination: Generator
  /// The amount in the destination's unit when the sources are at 1.
  package var amount: Int16
  /// A second source that scales the first.
  package var scale: Source

  /// A modulator; a second one with the same sources and destination replaces the first.
  package init(source: Source, destination: Generator, amount: Int16, scale: Source = .one) {
    self.source = source
    self.destination = destination
    self.amount = amount
    self.scale = scale
  }
}
