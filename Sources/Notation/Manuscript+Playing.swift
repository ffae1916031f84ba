package import MusicCore

extension Manuscript {
  /// The number of bars played, including repeats; a pickup and the short bar that it completes count as one.
  package var barCount: Int {
    let measures = Timeline(self).measures(ticksPerQuarter: ticksPerQuarter)
    // A pickup at the very start is not counted, as in printed music.
    let pickup = sections.indices.contains(form[0]) && sections[form[0]].measures.first?.isPartial == true
    return measures.count - (pickup && measures.count > 1 && measures[0].meter != measures[1].meter ? 1 : 0)
  }

  /// The piece as it is played, with a track for the title and one for each part, or one in all
  /// where the format is 0.
  ///
  /// - Throws: if a tie has no second note, or a gradual tempo change goes in the wrong direction.
  package func score() throws(NotationError) -> Score {
    let timeline = Timeline(self)
    var performances: [PartPerformance] = []
    for part in parts.indices {
      performances.append(try PartPerformance(of: part, in: self, timeline))
    }
    var tempoMarks = timeline.bars.compactMap { bar in
      bar.measure.tempo.map { (tick: bar.start, mark: Mark.tempo($0)) }
    }
    tempoMarks += performances.flatMap(\.tempoMarks)
    tempoMarks.sort { $0.tick < $1.tick }
    let plan = try TempoPlan(tempoMarks, end: timeline.end, ticksPerQuarter: ticksPerQuarter, in: self)

    var tracks: [Track] = []
    let accents = MetricAccents(timeline, ticksPerQuarter: ticksPerQuarter)
    for (index, part) in parts.enumerated() {
      let dynamics = DynamicCurve(dynamics(of: part.followed ?? index, performances), end: timeline.end)
      let notes = performances[index].notes.map { note in
        let velocity =
          dynamics.velocity(at: note.onset) + accents.weight(at: note.onset) + note.accent + part.balance
        return note.played(velocity: velocity, on: part.channel, ticksPerQuarter: ticksPerQuarter)
      }
      tracks.append(performances[index].track(of: part, notes: notes, end: timeline.end, ticksPerQuarter))
    }
    Unisons.resolve(in: &tracks)
    let conductor = Track(texts: titleTexts(tempoMarks), end: Tick(rawValue: Int64(timeline.end)))
    return Score(
      tempoMap: TempoMap(division: .metrical(ticksPerQuarter: ticksPerQuarter), changes: plan.changes),
      tracks: format == 0 ? [merged([conductor] + tracks)] : [conductor] + tracks,
      timeSignatures: timeline.timeSignatures(ticksPerQuarter: ticksPerQuarter),
      keySignatures: timeline.keySignatures
    )
  }

  /// The dynamics of a part and of those that share them, as marks between two staves apply to both.
  private func dynamics(of leader: Int, _ performances: [PartPerformance]) -> [(tick: Int, mark: Mark)] {
    let group = parts.indices.filter { $0 == leader || parts[$0].followed == leader }
    return group.flatMap { performances[$0].dynamics }.sorted { $0.tick < $1.tick }
  }

  /// The texts of the first track, which has no notes: the title and its like, and the tempo words.
  private func titleTexts(_ tempoMarks: [(tick: Int, mark: Mark)]) -> [TextEvent] {
    let names = [title, work, composer, arranger.map { "arr. \($0)" }].compactMap(\.self)
    let name = TextEvent(tick: 0, kind: .trackName, bytes: Array((title ?? "").utf8))
    var texts = [name, TextEvent(tick: 0, kind: .text, bytes: Array(names.joined(separator: ", ").utf8))]
    texts += tempoMarks.compactMap { tick, mark in
      guard case .tempo(let tempo) = mark, let word = tempo.word else { return nil }
      return TextEvent(tick: Tick(rawValue: Int64(tick)), kind: .marker, bytes: Array(word.utf8))
    }
    return texts
  }

  private func merged(_ tracks: [Track]) -> Track {
    var all = Track(end: tracks.map(\.end).max() ?? .zero)
    all.notes = tracks.flatMap(\.notes).sorted {
      ($0.onset, $0.channel, $0.pitch) < ($1.onset, $1.channel, $1.pitch)
    }
    all.controls = tracks.flatMap(\.controls).sorted { $0.tick < $1.tick }
    // One track has one name, the title: that of the first.
    all.texts = tracks.enumerated().flatMap { index, track in
      track.texts.filter { index == 0 || $0.kind != .trackName }
    }
    all.texts.sort { $0.tick < $1.tick }
    return all
  }
}
