internal import Foundation
internal import ModelFormat
package import Tensors

/// A critic that learns while the model does, and knows all music before a stretch: a linear function of the mean hidden states
/// of the *initial* model's decoder, as in a context head, but without towers. The decoder stays as it is (a discriminator
/// on the features of a pretrained network, Sauer 2021).
///
/// It is fitted anew in each step (logistic regression), to the latest phrases of takes and of real music.
package struct ContextCritic: Hashable, Sendable {
  /// The mean states over the latest phrases of real music and of takes, the latest last.
  private var real: [[Float]]
  private var fake: [[Float]]
  private var line: LogisticRegression.Line

  /// The weight of the squared norm of the weights of standardized features.
  private static let penalty = 0.03

  /// - Precondition: There is a phrase of each kind.
  package init(real: [[Float]], fake: [[Float]]) throws(TensorError) {
    (self.real, self.fake) = (real, fake)
    line = try Self.line(real, fake)
  }

  /// The log odds that music with these mean states is real.
  package func logit(_ states: [Float]) -> Double { Double(line(states)) }

  /// Fits the critic to new phrases and to the latest ones before, as many as there were at first.
  ///
  /// - Returns: the cross-entropy of the new phrases before it knows them, both sides with the same weight.
  package mutating func learn(real newReal: [[Float]], fake newFake: [[Float]]) throws(TensorError) -> Double {
    func entropy(_ phrases: [[Float]], _ sign: Double) -> Double {
      let losses = phrases.map { log(1 + exp(sign * logit($0))) }
      return losses.reduce(0, +) / Double(max(1, losses.count))
    }
    let loss = (entropy(newReal, -1) + entropy(newFake, 1)) / 2
    real = (real + newReal).suffix(real.count)
    fake = (fake + newFake).suffix(fake.count)
    line = try Self.line(real, fake)
    return loss
  }

  private static func line(_ real: [[Float]], _ fake: [[Float]]) throws(TensorError) -> LogisticRegression.Line {
    let areReal = real.map { _ in true } + fake.map { _ in false }
    return try LogisticRegression(real + fake, areReal: areReal).fit(penalty: penalty)
  }
}

extension ContextCritic {
  private static let format = "aurl-context-state"

  /// Writes the phrases that it is fitted to, which determine the critic.
  package func save(_ path: String) throws {
    let width = real[0].count
    var writer = try SafetensorsWriter(
      path: path,
      tensors: [("real", real), ("fake", fake)].map { TensorLayout($0, .float32, [$1.count, width]) },
      metadata: ["format": Self.format])
    try writer.write(real.flatMap(\.self), to: "real")
    try writer.write(fake.flatMap(\.self), to: "fake")
    try writer.commit()
  }

  /// Restores a critic.
  ///
  /// - Throws: `ModelFormatError`, `TensorError`, or `TrainingError.mismatch` if the file has no critic.
  package init(contentsOf path: String) throws {
    let file = try SafetensorsFile(path: path)
    func phrases(_ name: String) throws -> [[Float]] {
      guard file.metadata["format"] == Self.format, let tensor = file[name], tensor.shape.count == 2,
        tensor.shape.allSatisfy({ $0 > 0 })
      else { throw TrainingError.mismatch(path: path, "it is not the state of a context critic") }
      let floats = tensor.floats
      return stride(from: 0, to: floats.count, by: tensor.shape[1]).map { Array(floats[$0..<$0 + tensor.shape[1]]) }
    }
    try self.init(real: phrases("real"), fake: phrases("fake"))
  }
}
