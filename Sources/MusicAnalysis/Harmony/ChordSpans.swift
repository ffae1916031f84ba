internal import MusicCore

/// Merges decoded frames into chords.
enum ChordSpans {
  /// The minimum number of consecutive silent frames that interrupt a chord.
  private static let restFrames = 8

  /// The chords of a piece in order; none overlap, and long silences are gaps.
  static func spans(
    _ frames: HarmonicFrames, _ decoder: ChordDecoder, _ keys: LocalKeys, sixFours: Set<Int>, isCommonPractice: Bool
  ) -> [ChordSpan] {
    var ranges = ranges(frames, decoder.states, sixFours)
    if isCommonPractice { ranges = ranges.flatMap { split($0, frames, decoder.states[$0.lowerBound]) } }
    var spans = ranges.map { span(of: $0, frames, decoder, key: keys.name(at: $0.lowerBound)) }
    if isCommonPractice {
      for index in spans.indices {
        spans[index].confidence = Confidence.calibrated(spans[index].confidence, slope: 0.5)
      }
    }
    for index in spans.indices {
      let key = keys.key(at: ranges[index].lowerBound)
      let isFollowed = index + 1 < spans.count && ranges[index + 1].lowerBound == ranges[index].upperBound
      if isFollowed { spans[index].end = spans[index + 1].start }
      let goal = isFollowed ? spans[index + 1] : nil
      spans[index].romanNumeral =
        sixFours.contains(ranges[index].lowerBound) ? "V(64)" : RomanNumeral.name(spans[index], in: key, goal: goal)
    }
    return spans
  }

  private static func span(
    of range: Range<Int>, _ frames: HarmonicFrames, _ decoder: ChordDecoder, key: KeyName
  ) -> ChordSpan {
    let state = decoder.states[range.lowerBound]
    let root = PitchClass(semitones: state.root)
    let quality = state.quality
    let posterior = decoder.posteriors[range].reduce(0, +) / Float(range.count)
    let rootName = key.rootName(of: root, quality)
    var span = ChordSpan(
      start: frames.chordStart(range.lowerBound), end: frames.time(of: range.upperBound), root: rootName,
      quality: quality, bass: rootName, confidence: Double(posterior))
    let bass = bass(root, quality, frames, range)
    span.bass = span.name(of: bass) ?? key.name(of: bass)
    return span
  }

  /// The lowest chord tone of the whole chord.
  private static func bass(
    _ root: PitchClass, _ quality: ChordQuality, _ frames: HarmonicFrames, _ range: Range<Int>
  ) -> PitchClass {
    let tones = PitchSet(quality.intervals.map(root.transposed(by:)))
    var sounding = PitchSet()
    for frame in range { sounding.formUnion(frames.pitches[frame]) }
    let low = sounding.intersection(tones).lowest.map { PitchClass(semitones: $0) } ?? root
    // A fifth that reaches the bass only after another chord tone does not make a six-four.
    if low.interval(above: root) == 7 {
      let first = range.first { !frames.isSilent($0) } ?? range.lowerBound
      if let start = frames.pitches[first].intersection(tones).lowest { return PitchClass(semitones: start) }
    }
    return low
  }

  /// The parts of a chord in different inversions: a new one begins where a lower bass note enters on a beat.
  private static func split(_ range: Range<Int>, _ frames: HarmonicFrames, _ state: ChordModel.State) -> [Range<Int>] {
    let root = PitchClass(semitones: state.root)
    let tones = PitchSet(state.quality.intervals.map(root.transposed(by:)))
    let pulses = [range.lowerBound] + range.dropFirst().filter { frames.isPulse[$0] } + [range.upperBound]
    let lowest = zip(pulses, pulses.dropFirst()).map { start, end in
      (start..<end).compactMap { frames.pitches[$0].intersection(tones).lowest }.min()
    }
    var starts = [range.lowerBound]
    var bass = lowest[0]
    for index in lowest.indices.dropFirst() {
      guard let now = lowest[index], let old = bass else {
        bass = bass ?? lowest[index]
        continue
      }
      if (now - old) % 12 == 0 { continue }
      if now < old {
        starts.append(pulses[index])
        bass = now
      }
    }
    return zip(starts, starts.dropFirst() + [range.upperBound]).map { $0..<$1 }
  }

  private static func ranges(
    _ frames: HarmonicFrames, _ states: [ChordModel.State], _ sixFours: Set<Int>
  ) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    for stretch in soundingStretches(frames) {
      var start = stretch.lowerBound
      for frame in stretch
      where frame + 1 == stretch.upperBound || states[frame + 1] != states[frame]
        || sixFours.contains(frame) != sixFours.contains(frame + 1)
      {
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
