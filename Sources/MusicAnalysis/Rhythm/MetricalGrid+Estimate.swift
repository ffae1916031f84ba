internal import MusicCore

extension MetricalGrid {
  /// The beats that the onsets themselves suggest; nil where there are fewer than four chords or no beat is found.
  init?(estimatedFrom notes: [PlayedNote], reason: String) {
    let chords = OnsetGroup.groups(of: notes)
    guard chords.count >= 4 else { return nil }
    let opinion = BeatNetwork.trained(BeatFeatures(notes: notes, chords: chords))
    let beats = BeatDecoder().beats(chords: chords, network: opinion)
    guard beats.count > 1 else { return nil }
    let bars = BarDecoder().bars(beats: beats, chords: chords, network: opinion)
    self.init(
      source: .estimated,
      reason: reason,
      beatsSeconds: beats.map { Seconds($0) },
      downbeats: bars.downbeats,
      meters: bars.meters.map { MeterChange(startSeconds: Seconds(beats[$0.beat]), meter: $0.meter) }
    )
  }
}
