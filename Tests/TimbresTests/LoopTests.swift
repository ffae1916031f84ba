import SoundFonts
import Testing
import Timbres

@Suite struct LoopTests {
  /// The frames after the end of a loop must equal those after its start, and the change of slope at the seam must not
  /// exceed the largest one in the loop, with a tolerance because frames are rounded.
  @Test func noLoopHasASeam() async {
    for sample in await Built.font.value.samples {
      guard let loop = sample.loop else { continue }
      for offset in -Sample.loopMargin..<Sample.loopMargin {
        let difference =
          Int(sample.frames[loop.lowerBound + offset]) - Int(sample.frames[loop.upperBound + offset])
        #expect(offset < 0 || abs(difference) <= 1, "\(sample.name) at \(offset)")
      }
      let frames = sample.frames[loop].map(Int.init)
      let unrolled: [Int] = frames + frames.prefix(2)
      let slopes: [Int] = zip(unrolled.dropFirst(), unrolled).map { $0 - $1 }
      let bends: [Int] = zip(slopes.dropFirst(), slopes).map { abs($0 - $1) }
      let seam = bends.suffix(2).max() ?? 0
      let inside = bends.dropLast(2).max() ?? 0
      #expect(seam <= inside + inside / 10 + 4, "\(sample.name)")
    }
  }

  @Test func noSampleClipsOrIsFaint() async {
    for sample in await Built.font.value.samples {
      let peak = sample.frames.map { abs(Int($0)) }.max() ?? 0
      #expect((3000...32_000).contains(peak), "\(sample.name)")
    }
  }
}
