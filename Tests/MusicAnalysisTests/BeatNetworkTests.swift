import MusicAnalysis
import MusicCore
import Testing

/// Notes on 24 steps of 0.25 s: a bass note on every fourth and a higher note on every second.
private func steps() -> [PlayedNote] {
  func note(_ time: Double, _ length: Double, _ pitch: Int, _ velocity: Int) -> PlayedNote {
    PlayedNote(
      onset: Seconds(time), end: Seconds(time + length), pitch: Pitch(masking: UInt8(pitch)),
      velocity: Velocity(masking: UInt8(velocity)))
  }
  let notes = (0..<24).flatMap { step -> [PlayedNote] in
    let time = 0.25 * Double(step) + (step % 3 == 1 ? 0.01 : 0)
    var notes = [note(time, 0.2, 60 + step * 7 % 12, 60 + step * 5 % 30)]
    if step.isMultiple(of: 4) { notes.append(note(time, 0.8, 36 + step * 5 % 12, 80)) }
    if step.isMultiple(of: 2) { notes.append(note(time + 0.005, 0.295, 72 + step * 3 % 7, 70)) }
    return notes
  }
  return notes.sorted { ($0.onset, $0.pitch) < ($1.onset, $1.pitch) }
}

@Suite("Beat network") struct BeatNetworkTests {
  @Test("agrees with PyTorch on the same weights and features") func reference() {
    let notes = steps()
    let groups = OnsetGroup.groups(of: notes)
    let output = BeatNetwork.trained(BeatFeatures(notes: notes, chords: groups))
    #expect(groups.count == 24)
    let columns = [0, 1, 2, 5, 11, 16, 23]
    let (periods, meters) = (output.period.count / groups.count, output.meter.count / groups.count)
    let lastPeriod = groups.indices.map { output.period[$0 * periods + periods - 1] }
    let firstMeter = groups.indices.map { output.meter[$0 * meters] }
    let expected: [([Float], [Float])] = [
      (output.beat, [2.048, -5.399, -0.22, -5.939, -4.637, 2.342, 0.023]),
      (output.downbeat, [-0.438, -7.296, -3.989, -8.286, -6.898, -0.84, -2.584]),
      (lastPeriod, [-2.543, -1.535, -1.007, -1.578, -2.086, -3.322, -2.845]),
      (firstMeter, [0.806, 1.763, 1.14, 1.642, 1.22, 0.695, 1.08]),
    ]
    for (values, reference) in expected {
      for (column, value) in zip(columns, reference) { #expect(abs(values[column] - value) < 0.005) }
    }
  }
}
