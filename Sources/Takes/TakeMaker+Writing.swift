internal import Files
internal import MIDIFiles
internal import MusicTokens
internal import Synthesis

extension TakeMaker {
  /// Writes the music and sound files of a take.
  func write(_ index: Int, _ take: inout Take, tokens: [Token]) throws(TakeError) {
    if let path = output?.path(of: index) { try write(take, tokens, to: path) }
    guard let path = sound?.path(of: index), let rendering else { return }
    guard let output = Rendering.Output(path: path) else { preconditionFailure("\(path) names no sound format") }
    let sound = Rendering(
      input: take.report.output ?? "take", score: take.score, settings: rendering, output: output)
    if path != "-" { try createParent(of: path) }
    do throws(Rendering.Failure) {
      take.renderWarning = try sound.run { _ in }.warning(gain: rendering.synthesizer.gain)
    } catch { throw .rendering(error, sound) }
  }

  private func write(_ take: Take, _ tokens: [Token], to path: String) throws(TakeError) {
    if path != "-" { try createParent(of: path) }
    let bytes: [UInt8]
    switch format {
    case .midi:
      do throws(MIDIFileError) { bytes = try MIDIFile.bytes(of: take.score) } catch { throw .midi(error, path: path) }
    case .tokens(let format):
      let metadata = TokenFile.Metadata(
        source: take.report.settings.command(seed: take.report.seed), score: take.score)
      bytes = TokenFile(tokens: tokens, metadata: metadata).bytes(format: format)
    }
    do throws(FileError) {
      if path == "-" { try writeToStandardOutput(bytes) } else { try Files.write(bytes, toFile: path) }
    } catch { throw .file(error) }
  }

  private func createParent(of path: String) throws(TakeError) {
    do throws(FileError) { try Folder.createParent(of: path) } catch { throw .file(error) }
  }
}
