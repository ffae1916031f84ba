/// Finds when pedals go down: one that sends its position all the time is pressed once, and again when it has come up.
package struct PedalPresses: Hashable, Sendable {
  /// The controllers of the pedals that are down.
  private var down: Set<UInt8> = []
  /// The positions at which a pedal is down, and below which it is up again: one that is held between them stays as it is.
  private static let (pressed, released) = (UInt8(64), UInt8(32))

  package init() {}

  /// Receives the position of a pedal, and returns whether it goes down.
  package mutating func press(_ controller: UInt8, at value: UInt8) -> Bool {
    if value < Self.released { down.remove(controller) }
    return value >= Self.pressed && down.insert(controller).inserted
  }
}
