/// An instrument of the bank: layers of timbres with the voices that play them.
struct Patch: Sendable {
  let program: Int
  /// At most 20 bytes.
  let name: String
  let layers: [Layer]

  init(_ program: Int, _ name: String, _ layers: [Layer]) {
    self.program = program
    self.name = name
    self.layers = layers
  }

  /// A timbre of a patch, and the voice that plays it.
  struct Layer: Sendable {
    var timbre: Timbre
    var voice: Voice
    var velocities: ClosedRange<UInt8>?

    init(_ timbre: Timbre, _ voice: Voice = Voice(), velocities: ClosedRange<UInt8>? = nil) {
      self.timbre = timbre
      self.voice = voice
      self.velocities = velocities
    }
  }
}
