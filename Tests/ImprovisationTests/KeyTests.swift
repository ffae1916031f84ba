import Improvisation
import MusicAnalysis
import MusicCore
import Testing

/// The key that answers keep to.
@Suite struct KeyTests {
  /// A scale is adopted when it is probable both now and on average, kept while it is less so, and left when another one
  /// has been probable for some time; which of two relative keys it is does not matter.
  @Test func keysAreAdoptedWhenProbable() throws {
    let (c, a, g) = (try #require(Key("C major")), try #require(Key("A minor")), try #require(Key("G major")))
    var follower = KeyFollower(.auto)
    func follow(_ probabilities: [Key: Double], from start: Double, to end: Double) -> [Key?] {
      stride(from: start, through: end, by: 1).map { time in
        follower.follow(probabilities, at: time.s)
        return follower.key
      }
    }
    #expect(follow([c: 0.5, g: 0.4], from: 1, to: 4) == [nil, nil, nil, nil])
    #expect(follower.pitchClasses(heard: []) == nil)
    #expect(follow([c: 0.3, a: 0.6], from: 5, to: 16).last == a, "its relative is as probable")
    #expect(follow([c: 0.65, g: 0.35], from: 17, to: 18) == [a, a])
    let passing = follow([g: 1], from: 19, to: 22)
    #expect(passing.allSatisfy { $0 != g }, "four seconds are a passing chord")
    #expect(follow([c: 0.9], from: 23, to: 26).last??.signature == c.signature)
    let modulation = follow([g: 1], from: 27, to: 76)
    let change = try #require(modulation.firstIndex(of: g))
    #expect(change > 4 && modulation[change...].allSatisfy { $0 == g }, "later than in a passing chord")
    #expect(modulation[..<change].contains(nil), "none while it is not certain")
    #expect(follow([g: 0.3], from: 77, to: 90).last == .some(nil))
    follower.isLocked = true
    #expect(follow([c: 1], from: 91, to: 200).last == .some(nil), "a locked key does not change")
  }

  /// Pitch classes that the human plays often are always allowed, and in minor both sevenths.
  @Test func pitchClassesThatThePlayerUsesAreAllowed() throws {
    var follower = KeyFollower(.auto)
    follower.follow([try #require(Key("C major")): 1], at: 1.0.s)
    var heard = [Double](repeating: 0, count: 12)
    (heard[0], heard[6], heard[1]) = (10, 1, 0.1)
    #expect(follower.pitchClasses(heard: heard) == PitchClassSet(bits: 0b1010_1111_0101))
    var minor = KeyFollower(.auto)
    minor.follow([try #require(Key("A minor")): 1], at: 1.0.s)
    #expect(minor.pitchClasses(heard: []) == PitchClassSet(bits: 0b1011_1011_0101))
    #expect(KeyFollower(.off).pitchClasses(heard: heard) == nil)
  }

  /// Plays notes, estimating the key every second; returns the adopted keys.
  private func keys(of pitches: [Int], gap: Double = 0.25) -> [Key?] {
    var (notes, follower, keys) = (RecentNotes(), KeyFollower(.auto), [Key?]())
    for (index, pitch) in pitches.enumerated() {
      let time = gap * Double(index)
      notes.receive(on(pitch), at: time.s)
      notes.receive(off(pitch), at: (time + 0.9 * gap).s)
      guard (index + 1) % Int(1 / gap) == 0 else { continue }
      let now = (time + gap).s
      if let estimate = HarmonyAnalysis.key(of: notes.score(at: now)) {
        follower.follow(estimate, at: notes.playingTime(at: now))
      }
      keys.append(follower.key)
    }
    return keys
  }

  /// Of a scale the key is found, and of one to which the music modulates; of three notes and of all twelve none.
  @Test func theKeyIsEstimatedFromPlaying() throws {
    let tune = [62, 66, 69, 74, 73, 71, 69, 67, 66, 64, 62, 69, 62, 66, 69, 62, 61, 62, 64, 66, 67, 66, 64, 62]
    let home = Array(repeating: tune, count: 5).flatMap(\.self)
    let (d, b) = (try #require(Key("D major")), try #require(Key("Bb major")))
    let found = keys(of: home)
    #expect(found.last == d && found.allSatisfy { $0 == nil || $0 == d })
    // A major third lower for a minute.
    let modulating = keys(of: home + Array(repeating: tune.map { $0 - 4 }, count: 12).flatMap(\.self))
    #expect(modulating.last == b && modulating.contains(d))
    #expect(modulating.allSatisfy { [nil, d, b].contains($0) }, "\(modulating.compactMap { $0?.description })")
    #expect(keys(of: [60, 62, 60, 62]).allSatisfy { $0 == nil })
    let chromatic = (0..<160).map { 60 + $0 * 7 % 12 + $0 / 12 % 2 }
    #expect(keys(of: chromatic).allSatisfy { $0 == nil })
  }

  /// A turn of the machine, during which the human may hold a chord, does not displace the music before it.
  @Test func pausesDoNotCount() {
    func score(pause: Double, holding: Bool) -> Score {
      var notes = RecentNotes()
      for index in 0..<40 {
        let time = 0.25 * Double(index) + (index < 20 ? 0 : pause)
        notes.receive(on(60 + index % 12), at: time.s)
        if holding, index == 19 {
          notes.receive(off(60 + index % 12), at: (time + pause).s)
        } else {
          notes.receive(off(60 + index % 12), at: (time + 0.2).s)
        }
      }
      return notes.score(at: (10 + pause).s)
    }
    let expected = score(pause: 2, holding: false)
    #expect(expected.noteCount == 40)
    #expect(score(pause: 30, holding: false) == expected)
    #expect(score(pause: 30, holding: true) == score(pause: 3, holding: true))
    #expect(score(pause: 1, holding: false) != expected)
    #expect(score(pause: 30, holding: true).noteCount == 40)
  }
}
