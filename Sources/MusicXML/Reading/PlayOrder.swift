/// The order in which the measures of a part are played: repeats, endings, da capo, dal segno, fine and coda.
struct PlayOrder {
  /// The repeat signs and jumps of a measure.
  private struct Signs {
    var beginsRepeat = false
    /// The number of times that the repeat ending here is played.
    var endsRepeat: Int?
    /// The passes in which the measure is played, if it is in an ending.
    var passes: Set<Int>?
    var endsEnding = false
    var segno = false
    var coda = false
    var daCapo = false
    var dalSegno = false
    var toCoda = false
    var fine = false
    /// Whether the measure is in a last ending: after da capo only last endings are played.
    var isInLastEnding = false
  }

  /// The maximum number of measures; more indicate a damaged file.
  private static let longest = 100_000

  private let signs: [Signs]
  /// The last measure at which a coda starts.
  private let lastCoda: Int

  init(_ measures: [XMLElement]) {
    var ending: Set<Int>?
    var signs = measures.map { measure in
      var signs = Signs()
      for element in measure.children {
        switch element.name {
        case "barline": Self.read(element, &signs, &ending)
        case "sound": Self.readSound(element, &signs)
        case "direction":
          if let sound = element["sound"] { Self.readSound(sound, &signs) }
          for type in element.all("direction-type") {
            signs.segno = signs.segno || type["segno"] != nil
            // A coda sign without a `sound` element may be the start or the target of a jump.
          }
        default: break
        }
      }
      if signs.passes == nil { signs.passes = ending }
      if signs.endsEnding { ending = nil }
      return signs
    }
    for index in signs.indices.reversed() {
      let next = index + 1 < signs.count ? signs[index + 1] : Signs()
      signs[index].isInLastEnding =
        next.passes == nil || next.passes == signs[index].passes && next.isInLastEnding
    }
    self.signs = signs
    lastCoda = signs.lastIndex(where: \.coda) ?? -1
  }

  private static func read(_ barline: XMLElement, _ signs: inout Signs, _ ending: inout Set<Int>?) {
    if let element = barline["ending"] {
      if element[attribute: "type"] == "start" {
        let numbers = (element[attribute: "number"] ?? "").split { !$0.isNumber }.compactMap { Int($0) }
        ending = Set(numbers.isEmpty ? [1] : numbers)
        signs.passes = ending
      } else {
        signs.endsEnding = true
      }
    }
    if let element = barline["repeat"] {
      if element[attribute: "direction"] == "forward" {
        signs.beginsRepeat = true
      } else {
        signs.endsRepeat = min(32, max(2, element[attribute: "times"].flatMap(Int.init) ?? 2))
      }
    }
  }

  private static func readSound(_ sound: XMLElement, _ signs: inout Signs) {
    func has(_ name: String) -> Bool { sound[attribute: name].map { $0 != "no" } ?? false }
    signs.segno = signs.segno || has("segno")
    signs.coda = signs.coda || has("coda")
    signs.daCapo = signs.daCapo || has("dacapo")
    signs.dalSegno = signs.dalSegno || has("dalsegno")
    signs.toCoda = signs.toCoda || has("tocoda")
    signs.fine = signs.fine || has("fine")
  }

  /// The numbers of the measures, from 0.
  var measures: [Int] {
    var (order, index, pass, start) = ([Int](), 0, 1, 0)
    var hasJumped = false
    while index < signs.count, order.count < Self.longest {
      let here = signs[index]
      if here.beginsRepeat, start != index { (start, pass) = (index, 1) }
      if let passes = here.passes, hasJumped ? !here.isInLastEnding : !passes.contains(pass) {
        index += 1
        continue
      }
      order.append(index)
      if hasJumped, here.fine { break }
      if hasJumped, here.toCoda, index < lastCoda,
        let coda = signs[(index + 1)...].firstIndex(where: \.coda)
      {
        index = coda
        continue
      }
      if let times = here.endsRepeat, !hasJumped {
        // An ending may list more passes than the repeat sign.
        if pass < max(times, here.passes?.max().map { $0 + 1 } ?? 0) {
          (index, pass) = (start, pass + 1)
          continue
        }
        (start, pass) = (index + 1, 1)
      } else if here.endsEnding {
        (start, pass) = (index + 1, 1)
      }
      if here.daCapo || here.dalSegno, !hasJumped {
        hasJumped = true
        index = here.daCapo ? 0 : signs.firstIndex { $0.segno } ?? 0
        continue
      }
      index += 1
    }
    return order
  }
}
