/// The confidence of each beat: Platt scaling (Platt 1999) of the log odds that the network gives for it, and of their mean
/// over nine beats around it, since errors such as a wrong metrical level concern several consecutive beats.
struct BeatConfidence {
  var offset = 0.70
  var own = 0.31
  var mean = 0.23
  /// Log odds are clipped to ±`limit`; a beat without a note has those of `silent`.
  var limit = 6.0
  var silent = -4.0

  /// The probability that each beat is correct, for beats decoded on the onsets of these chords.
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
