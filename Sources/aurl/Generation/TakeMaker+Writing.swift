import MusicTokens
import Synthesis
import Terminal

extension TakeMaker {
  /// Writes the files of a take.
  func write(_ index: Int, _ take: inout Take, tokens: [Token]) throws(Failure) {
    if let output { try write(take, tokens, to: output.path(of: index), as: output.format) }
    guard let sound = sound?.path(of: index), let rendering else { return }
    if sound != "-" { try Output.createParent(of: sound) }
    let report = try Rendering(
      input: take.report.output ?? "take", score: take.score, settings: rendering,
      output: RenderBatch.output(sound)
    ).run { _ in }
    take.renderWarning = report.warning(gain: rendering.synthesizer.gain)
  }

  private func write(_ take: Take, _ tokens: [Token], to path: String, as format: TakeFormat) throws(Failure) {
    if path != "-" { try Output.createParent(of: path) }
    let bytes: [UInt8]
    switch format {
    case .midi: bytes = try Output.midi(take.score, from: path)
    case .tokens(let format):
      let metadata = TokenFile.Metadata(
        source: take.report.settings.command(seed: take.report.seed), score: take.score)
      bytes = TokenFile(tokens: tokens, metadata: metadata).bytes(format: format)
    }
    try Output.write(bytes, to: path)
  }
}
