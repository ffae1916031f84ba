internal import ModelFormat

/// The latents of one window, which condition the decoder.
public struct Latents: Hashable, Sendable {
  /// The latent of the whole window.
  public var global: [Float]
  /// One for each phrase, from the start of the window; those that are missing are zero.
  public var phrases: [[Float]]
  /// One for each local segment, from the start of the window; those that are missing are zero.
  public var locals: [[Float]]

  /// Creates latents.
  public init(global: [Float], phrases: [[Float]], locals: [[Float]]) {
    self.global = global
    self.phrases = phrases
    self.locals = locals
  }
}

extension Latents {
  /// Writes the latents that condition a local segment: global, phrase and local, concatenated.
  func copy(segment: Int, _ shape: Configuration.Latents, to target: UnsafeMutablePointer<Float>) {
    let phrase = segment * shape.localLength / shape.phraseLength
    for index in 0..<shape.global { target[index] = global[index] }
    for index in 0..<shape.phrase {
      target[shape.global + index] = phrase < phrases.count ? phrases[phrase][index] : 0
    }
    for index in 0..<shape.local {
      target[shape.global + shape.phrase + index] = segment < locals.count ? locals[segment][index] : 0
    }
  }

  /// Whether each latent has the dimensions of its level.
  func fits(_ shape: Configuration.Latents) -> Bool {
    global.count == shape.global && phrases.allSatisfy { $0.count == shape.phrase }
      && locals.allSatisfy { $0.count == shape.local }
  }
}
