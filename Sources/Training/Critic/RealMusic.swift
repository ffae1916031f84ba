internal import Datasets
internal import MusicCore
internal import MusicFeatures
internal import MusicTokens

/// Stretches of the real music that a critic learns from, each token of it as probable as another.
package struct RealMusic {
  private let dataset: Dataset
  private let pieces: [Piece]
  /// The places that a stretch can begin at in each piece and those before it, each piece as often as its weight says.
  private var ends: [Double] = []
  /// The weights of each piece and those before it.
  private var weightEnds: [Double] = []

  /// - Parameter pieces: those of a split; the ones too short for a stretch and its context are left out.
  init(_ dataset: Dataset, _ pieces: [Piece], _ weights: SourceWeights) {
    self.dataset = dataset
    self.pieces = pieces.filter { Cut.starts(in: $0.tokens) != nil && weights.weight(ofPath: $0.path) > 0 }
    var (sum, weightSum) = (0.0, 0.0)
    for piece in self.pieces {
      let weight = weights.weight(ofPath: piece.path)
      sum += Double(Cut.starts(in: piece.tokens)?.count ?? 0) * weight
      weightSum += weight
      ends.append(sum)
      weightEnds.append(weightSum)
    }
  }

  var isEmpty: Bool { pieces.isEmpty }

  /// A stretch of `length` tokens. O(context + length).
  func stretch(_ length: Int, _ place: Cut.Place = .anywhere, using generator: inout SplitMix64) -> TokenWindow {
    let piece = piece(place == .opening ? weightEnds : ends, using: &generator)
    return dataset.withTokens(of: piece) { Cut.stretch(of: $0, place, length: length, using: &generator) }
  }

  /// What comes before a stretch: `length` tokens, which are at most the context of one.
  func prompt(_ length: Int, using generator: inout SplitMix64) -> [UInt16] {
    dataset.withTokens(of: piece(ends, using: &generator)) { tokens in
      let starts = Cut.starts(in: tokens.count) ?? Cut.context...Cut.context
      let start = generator.number(in: starts)
      var state = KeyboardState()
      for token in tokens[..<(start - length)] { state.apply(token) }
      return Self.beginning(with: tokens[(start - length)..<start], level: state.level)
    }
  }

  /// A stretch of a stream as a stream of its own: ends of notes that started before it are left out, and its first note
  /// has a level. Notes may still sound at its end.
  ///
  /// - Parameter level: the one in force where it begins.
  package static func beginning(with tokens: some Sequence<UInt16>, level: UInt8?) -> [UInt16] {
    var (result, ticks): ([UInt16], Int) = ([], 0)
    var sounding = KeyboardState()
    func passTime() {
      let longest = Token.longestShift
      result += Array(repeating: UInt16(255 + longest), count: ticks / longest)
      if ticks % longest > 0 { result.append(UInt16(255 + ticks % longest)) }
      ticks = 0
    }
    for token in tokens {
      switch token {
      case 128..<256 where !sounding.isSounding(Int(token) - 128): continue
      case 256..<768:
        ticks += Int(token) - 255
        continue
      default: break
      }
      passTime()
      if token < 128, sounding.level == nil, let level {
        result.append(768 + UInt16(level))
        sounding.apply(768 + UInt16(level))
      }
      sounding.apply(token)
      result.append(token)
    }
    passTime()
    return result
  }

  private func piece(_ ends: [Double], using generator: inout SplitMix64) -> Piece {
    let place = Double(generator.next() >> 11) * 0x1p-53 * (ends.last ?? 0)
    return pieces[min(ends.partitioningIndex { $0 > place }, pieces.count - 1)]
  }
}

/// How stretches are cut out of a stream: out of real music and out of takes in the same way, so that nothing but the music
/// tells them apart.
enum Cut {
  /// The longest stretch, as long as the critic's longest window.
  static let length = 256
  /// How many tokens before a stretch are known at most; how many are is drawn anew each time.
  static let context = 256
  /// A take does not end as a piece does.
  private static let ending = 64

  /// Where in its stream a stretch lies.
  enum Place {
    /// After its context, each token as probable as another.
    case anywhere
    /// In the first tokens of it.
    case opening
  }
  /// Up to where openings begin.
  private static let lastOpening = 576

  /// Where a stretch can begin; nil where the stream is too short.
  ///
  /// - Parameter prompt: how many tokens at the beginning are no part of a stretch.
  static func starts(in count: Int, _ place: Place = .anywhere, after prompt: Int = 0) -> ClosedRange<Int>? {
    let last = count - length - ending
    switch place {
    case .anywhere:
      let first = max(context, prompt)
      return last >= first ? first...last : nil
    case .opening: return last >= prompt ? prompt...min(last, max(prompt, lastOpening)) : nil
    }
  }

  /// - Precondition: The stream is long enough.
  static func stretch(
    of tokens: some RandomAccessCollection<UInt16>, _ place: Place = .anywhere, after prompt: Int = 0, length: Int,
    using generator: inout SplitMix64
  ) -> TokenWindow {
    guard let starts = starts(in: tokens.count, place, after: prompt) else {
      preconditionFailure("the stream is too short for a stretch")
    }
    let start = generator.number(in: starts)
    // Half of the stretches know all that they can, as in listening.
    let known = generator.number(in: 0...1) == 0 ? context : generator.number(in: 0...context)
    return TokenWindow(of: tokens, from: start, count: length, context: known)
  }
}
