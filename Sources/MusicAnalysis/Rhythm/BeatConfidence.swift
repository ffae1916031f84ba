/// How sure the network is of each beat: Platt scaling (Platt 1999) of its log odds on the beat and of their mean over nine
/// beats around it, since beats are lost, or found at another level, for a stretch.
struct BeatConfidence {
  var offset = 0.70
  var own = 0.31
  var mean = 0.23
  /// Log odds are clipped to ±`limit`; those of a beat without a note are `silent`.
  var limit = 6.0
  var silent = -4.0

  /// The probability that each beat is one, for beats at the chords that they were found on.
  func callAsFunction(_ beats: BeatDecoder.Beats, chords: [OnsetGroup], network: BeatNetwork.Output) -> [Double] {
    var chord = 0
    let odds = beats.seconds.map { time -> Double in
      while chord < chords.count, chords[chord].onset < time { chord += 1 }
      guard chord < chords.count, chords[chord].onset == time else { return silent }
      return min(max(Double(network.beat[chord]), -limit), limit)
    }
    return odds.indices.map { beat in
      let near = odds[max(0, beat - 4)...min(odds.count - 1, beat + 4)]
      let average = near.reduce(0, +) / Double(near.count)
      return BeatDecoder.sigmoid(offset + own * odds[beat] + mean * average)
    }
  }
}
