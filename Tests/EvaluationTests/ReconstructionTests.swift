import Evaluation
import MusicAnalysis
import MusicCore
import MusicTokens
import TestSupport
import Testing

@Suite("Reconstruction") struct ReconstructionTests {
  private static func notes(_ notes: [(Double, UInt8)]) -> [PlayedNote] {
    notes.map {
      PlayedNote(
        onset: Seconds($0.0), end: Seconds($0.0 + 0.1), pitch: Pitch(masking: $0.1), velocity: Velocity(masking: 64))
    }
  }

  /// Expected values from mir_eval 0.8.2: precision_recall_f1_overlap without offsets, pitch within 50 cents.
  @Test(
    "agrees with mir_eval",
    arguments: [
      ([(0, 60), (0.5, 62), (1, 64)], [(0.05, 60), (0.4499, 62), (1.0, 65)], [1.0 / 3, 1.0 / 3, 1.0 / 3]),
      ([(0, 60), (0.05, 60), (0.1, 60)], [(0.05, 60), (0.1, 60), (0.15, 60)], [1, 1, 1]),
      ([(0, 60), (0.06, 60)], [(0.03, 60)], [1, 0.5, 2.0 / 3]),
      (
        [(0, 60), (0.04, 60), (0.5, 72), (0.7, 67)], [(0.03, 60), (0.52, 72), (0.74, 67), (0.76, 67), (0.9, 30)],
        [0.6, 0.75, 2.0 / 3]
      ),
      ([(0, 60)], [], [0, 0, 0]),
    ] as [([(Double, UInt8)], [(Double, UInt8)], [Double])])
  func mirEval(reference: [(Double, UInt8)], estimate: [(Double, UInt8)], expected: [Double]) {
    let agreement = OnsetAgreement(Self.notes(estimate), with: Self.notes(reference))
    for (ours, theirs) in zip([agreement.precision, agreement.recall, agreement.f1], expected) {
      #expect(abs(ours - theirs) < 1e-12)
    }
  }

  @Test("finds a maximum matching", arguments: UInt64(0)..<50) func matching(seed: UInt64) {
    let ours = randomNotes(30, pitches: 60...62, steps: [0, 1, 2, 3], seed: seed)
    let theirs = randomNotes(35, pitches: 60...62, steps: [0, 1, 2, 3], seed: seed + 1000)
    let near = ours.map { our in
      theirs.indices.filter {
        theirs[$0].pitch == our.pitch && abs((theirs[$0].onset - our.onset).rawValue) <= 0.05
      }
    }
    #expect(OnsetAgreement(ours, with: theirs.reversed()).matched == Self.maximumMatching(near, count: theirs.count))
  }

  /// By augmenting paths (Kuhn 1955).
  private static func maximumMatching(_ near: [[Int]], count: Int) -> Int {
    var partner = [Int?](repeating: nil, count: count)
    func find(_ index: Int, _ seen: inout Set<Int>) -> Bool {
      for other in near[index] where seen.insert(other).inserted {
        if partner[other].map({ find($0, &seen) }) ?? true {
          partner[other] = index
          return true
        }
      }
      return false
    }
    return near.indices.count { index in
      var seen: Set<Int> = []
      return find(index, &seen)
    }
  }

  @Test("a copy scores 1, a delayed copy does not") func report() throws {
    let original = tokens("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 20,NOTE_OFF 60,NOTE_ON 62,TIME_SHIFT 9,NOTE_OFF 62")
    let perfect = ReconstructionReport([[Reconstruction(original: original, copy: original)]])
    #expect(perfect.tokenAccuracy == Estimate(value: 1, low: 1, high: 1))
    #expect(perfect.onsetF1?.value == 1)
    let late = tokens("VELOCITY_CHANGE mf,NOTE_ON 60,TIME_SHIFT 24,NOTE_OFF 60,NOTE_ON 62")
    let report = ReconstructionReport([[Reconstruction(original: original, copy: late)], [], []])
    #expect(report.tokenAccuracy?.value == 4.0 / 7)
    #expect(report.onsets == OnsetAgreement(matched: 1, reference: 2, estimated: 2))
    let longer = Reconstruction(original: Array(original.prefix(3)), copy: original)
    #expect(longer.equalTokens == 3 && longer.onsets == OnsetAgreement(matched: 1, reference: 1, estimated: 1))
    #expect(ReconstructionReport([]).onsetF1 == nil)
  }
}
