internal import MusicCore

extension MetricalGrid {
  /// The beats estimated from the onsets; nil if there are fewer than four chords or no beat is found.
  init?(estimatedFrom notes: [PlayedNote], reason: String) {
    let chords = OnsetGroup.groups(of: notes)
    guard chords.count >= 4 else { return nil }
    let opinion = BeatNetwork.trained(BeatFeatures(notes: notes, chords: chords))
    let beats = BeatDecoder().beats(chords: chords, network: opinion)
    guard beats.seconds.count > 1 else { return nil }
    let isCompound = Self.isCompound(beats: beats.seconds, chords: chords)
    var meters: [MeterChange] = []
    var length = 0
    for (second, place) in zip(beats.seconds, beats.places) where BarPlace.all[place].length != length {
      length = BarPlace.all[place].length
      meters.append(
        MeterChange(startSeconds: Seconds(second), meter: Meter(beats: length, isCompound: isCompound)))
    }
    self.init(
      source: .estimated,
      reason: reason,
      beatsSeconds: beats.seconds.map { Seconds($0) },
      beatConfidences: BeatConfidence()(beats, chords: chords, network: opinion),
      downbeats: beats.places.indices.filter { BarPlace.all[beats.places[$0]].isFirst },
      meters: meters
    )
  }

  /// Whether more onsets between beats are at thirds than at halves and quarters.
  private static func isCompound(beats: [Double], chords: [OnsetGroup]) -> Bool {
    var (ternary, binary) = (0, 0)
    var index = 0
    for (beat, next) in zip(beats, beats.dropFirst()) {
      while index < chords.count, chords[index].onset < next {
        let phase = (chords[index].onset - beat) / (next - beat)
        if abs(phase - 1 / 3) < 0.06 || abs(phase - 2 / 3) < 0.06 { ternary += 1 }
        if abs(phase - 1 / 2) < 0.08 { binary += 2 }
        index += 1
      }
    }
    return ternary > binary
  }
}
