import MusicCore
import Playing
import Testing

struct PlaybackTests {
  private func played(_ playback: consuming Playback, limit: Int = 100) -> [Performance.Event] {
    var events: [Performance.Event] = []
    while events.count < limit, let event = playback.next() { events.append(event) }
    return events
  }

  @Test func noteOffsComeBeforeNoteOnsOfTheSameTime() {
    var music = score(
      notes: [(0, 100, 60), (100, 200, 60), (100, 100, 72)],
      controls: [(100, .controller(.sustain, 127)), (100, .program(Program(masking: 4)))])
    music.tracks[0].systemExclusives = [SystemExclusive(tick: Tick(rawValue: 100), bytes: [1])]
    let events = Performance(music).events
    #expect(
      events.map(\.message) == [
        .on(60), .off(60), .systemExclusive([1]), .set(.sustain, 127),
        .control(Channel(status: 0), .program(Program(masking: 4))), .on(60), .on(72), .off(72), .off(60),
      ])
    #expect(events.map(\.time) == [0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.2].map { Seconds($0) })
  }

  @Test func eventsOfOneTimeKeepTheOrderOfTheFile() {
    var music = score(
      notes: [(0, 100, 60), (100, 200, 62)],
      controls: [(0, .controller(.sustain, 127)), (100, .controller(.sustain, 127)), (100, .controller(.sustain, 0))])
    music.tracks[0].controls[2].turn = 1
    music.tracks[0].notes[0].endTurn = 1
    music.tracks[0].notes[1].onsetTurn = 1
    // The pedal goes down again before the first key is released, and up before the second one is struck.
    #expect(
      Performance(music).events.map(\.message) == [
        .set(.sustain, 127), .on(60), .set(.sustain, 127), .off(60), .set(.sustain, 0), .on(62), .off(62),
      ])
  }

  @Test func aKeyHeldByTwoTracksIsReleasedOnce() {
    var music = score(notes: [(0, 400, 60)])
    music.tracks.append(score(notes: [(100, 150, 60)]).tracks[0])
    let events = Performance(music).events
    #expect(events.map(\.message) == [.on(60), .off(60), .on(60), .off(60)])
    #expect(events.map(\.time) == [0, 0.1, 0.1, 0.4].map { Seconds($0) })
  }

  @Test(arguments: [0.5, 1, 2, 3])
  func speedScalesEveryTimeFromTheOrigin(speed: Double) {
    let performance = Performance(score(notes: [(0, 300, 60), (600, 900, 62)]))
    let events = played(Playback(performance, speed: speed, origin: Seconds(5)))
    for (event, time) in zip(events, [0, 0.3, 0.6, 0.9]) {
      #expect(abs(event.time.rawValue - (5 + time / speed)) < 1e-12)
    }
    let playback = Playback(performance, speed: speed, origin: Seconds(5))
    #expect(abs(playback.position(at: Seconds(5 + 0.6 / speed)).rawValue - 0.6) < 1e-12)
    #expect(playback.position(at: Seconds(1000)) == Seconds(0.9))
  }

  @Test func aLaterStartSendsTheSettingsBeforeIt() {
    let channel = Channel(status: 0)
    let performance = Performance(
      score(
        notes: [(0, 2000, 60), (1000, 1500, 62)],
        controls: [
          (0, .program(Program(masking: 1))), (10, .controller(.volume, 50)), (20, .program(Program(masking: 2))),
          (30, .pitchBend(100)), (40, .controller(.volume, 60)), (1000, .controller(.volume, 70)),
        ]))
    let events = played(Playback(performance, from: Seconds(1), origin: Seconds(0)))
    #expect(
      events.map(\.message) == [
        .control(channel, .program(Program(masking: 2))), .control(channel, .pitchBend(100)), .set(.volume, 60),
        .set(.volume, 70), .on(62), .off(62), .off(60),
      ])
    #expect(events.map(\.time) == [0, 0, 0, 0, 0, 0.5, 1].map { Seconds($0) })
  }

  @Test func aLoopKeepsItsLengthAndLeavesNoHangingNotes() {
    var music = score(notes: [(0, 250, 60)], controls: [(100, .controller(.sustain, 127))])
    music.tracks[0].end = Tick(rawValue: 1000)
    let events = played(Playback(Performance(music), looping: true, origin: Seconds(2)), limit: 12)
    #expect(
      events.map(\.message)
        == Array(repeating: [.on(60), .set(.sustain, 127), .off(60), .set(.sustain, 0)], count: 3).flatMap { $0 })
    #expect(
      events.map(\.time)
        == [0, 0.1, 0.25, 1, 1, 1.1, 1.25, 2, 2, 2.1, 2.25, 3].map { Seconds(2 + $0) })
  }

  @Test func pedalsAreReleasedAtTheEnd() {
    let music = score(notes: [(0, 250, 60)], controls: [(100, .controller(.sustain, 127))])
    let events = played(Playback(Performance(music), origin: .zero))
    #expect(events.last?.message == .set(.sustain, 0))
  }

  @Test(arguments: [true, false])
  func emptyMusicIsOverAtOnce(looping: Bool) {
    let performance = Performance(Score(tempoMap: TempoMap(division: .metrical(ticksPerQuarter: 96))))
    #expect(played(Playback(performance, looping: looping, origin: .zero)).isEmpty)
  }

  @Test func aLongSystemExclusiveMessageDelaysTheNext() {
    var music = score(notes: [(10, 20, 60), (5000, 6000, 61)])
    music.tracks[0].systemExclusives = [
      SystemExclusive(tick: .zero, bytes: Array(repeating: 1, count: 3123)),
      SystemExclusive(tick: Tick(rawValue: 3000), bytes: Array(repeating: 1, count: 100)),
    ]
    let times = played(Playback(Performance(music), origin: .zero)).map(\.time.rawValue)
    #expect(times == [0, 1, 1, 3, 5, 6])
  }
}
