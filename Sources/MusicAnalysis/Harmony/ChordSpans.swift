internal import MusicCore

/// Gathers decoded half beats into chords.
enum ChordSpans {
  /// So many silent half beats in a row belong to no chord.
  private static let restFrames = 8

  /// The chords of a piece in order; none overlap, and there are gaps where the music is silent for long.
  static func spans(_ frames: HarmonicFrames, _ decoder: ChordDecoder, _ keys: LocalKeys) -> [ChordSpan] {
    let ranges = ranges(frames, decoder.states)
    var spans = ranges.map { span(of: $0, frames, decoder, key: keys.key(at: $0.lowerBound)) }
    for index in spans.indices {
      let key = keys.key(at: ranges[index].lowerBound)
      let isFollowed = index + 1 < spans.count && ranges[index + 1].lowerBound == ranges[index].upperBound
      if isFollowed { spans[index].end = spans[index + 1].start }
      spans[index].romanNumeral = RomanNumeral.name(
        spans[index], in: key, goal: isFollowed ? spans[index + 1] : nil)
    }
    return spans
  }

  private static func span(
    of range: Range<Int>, _ frames: HarmonicFrames, _ decoder: ChordDecoder, key: Key
  ) -> ChordSpan {
    let state = decoder.states[range.lowerBound]
    let root = PitchClass(semitones: state.root)
    let quality = state.quality
    let posterior = decoder.posteriors[range].reduce(0, +) / Float(range.count)
    return ChordSpan(
      start: frames.chordStart(range.lowerBound), end: frames.time(of: range.upperBound),
      root: NoteName(root, accidentals: key.accidentals), quality: quality,
      bass: NoteName(bass(root, quality, frames.bass(in: range, highWeight: 0.7)), accidentals: key.accidentals),
      confidence: Double(posterior))
  }

  /// The chord tone that is the lowest for longest; the root needs half a frame less than the others.
  private static func bass(_ root: PitchClass, _ quality: ChordQuality, _ lowest: PitchClassProfile) -> PitchClass {
    var lowest = lowest
    lowest[root] += 0.5
    return quality.intervals.map(root.transposed(by:)).max { lowest[$0] < lowest[$1] } ?? root
  }

  private static func ranges(_ frames: HarmonicFrames, _ states: [ChordModel.State]) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for stretch in soundingStretches(frames) {
      var start = stretch.lowerBound
      for frame in stretch where frame + 1 == stretch.upperBound || states[frame + 1] != states[frame] {
        ranges.append(start..<frame + 1)
        start = frame + 1
      }
    }
    return ranges
  }

  private static func soundingStretches(_ frames: HarmonicFrames) -> [Range<Int>] {
    var stretches: [Range<Int>] = []
    for frame in 0..<frames.count where !frames.isSilent(frame) {
      if let last = stretches.last, frame - last.upperBound < restFrames {
        stretches[stretches.count - 1] = last.lowerBound..<frame + 1
      } else {
        stretches.append(frame..<frame + 1)
      }
    }
    return stretches
  }
}
