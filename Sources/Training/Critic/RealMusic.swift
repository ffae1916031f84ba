package import Datasets
package import MusicCore
package import MusicFeatures
internal import MusicTokens

/// Draws stretches of real music for a critic, every token equally likely as the start.
package struct RealMusic {
  private let dataset: Dataset
  private let pieces: [Piece]
  /// The cumulative number of possible starts by piece, weighted by source.
  private var ends: [Double] = []
  /// The cumulative weights of the pieces.
  private var weightEnds: [Double] = []

  /// - Parameter pieces: the pieces of a split; those too short for a stretch and its context are left out.
  package init(_ dataset: Dataset, _ pieces: [Piece], _ weights: SourceWeights) {
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

  /// The music of a dataset to train on, and two halves of its held-out pieces, for calibration and for measurement.
  ///
  /// - Throws: `TrainingError` if one of them has no piece that is long enough.
  static func parts(
    of dataset: Dataset, _ weights: SourceWeights
  ) throws(TrainingError) -> (training: RealMusic, halves: [RealMusic]) {
    let training = RealMusic(dataset, dataset.pieces(.train), weights)
    let unknown = dataset.pieces(.valid)
    let halves = [0, 1].map { half in
      unknown.enumerated().filter { $0.offset % 2 == half }.map(\.element)
    }.map { RealMusic(dataset, $0, .equal) }
    guard !training.isEmpty, halves.allSatisfy({ !$0.isEmpty }) else {
      throw .unusableData(
        path: dataset.path, "it needs long pieces to train on, and two or more that are held out")
    }
    return (training, halves)
  }

  /// Draws a stretch of `length` tokens. O(context + length).
  package func stretch(
    _ length: Int, _ place: Cut.Place = .anywhere, using generator: inout SplitMix64
  ) -> TokenWindow {
    let piece = piece(place.isOpening ? weightEnds : ends, using: &generator)
    return dataset.withTokens(of: piece) { Cut.stretch(of: $0, place, length: length, using: &generator) }
  }

  /// Draws the first tokens of a piece, as many as a stretch and its context have. O(context + length).
  func opening(using generator: inout SplitMix64) -> TokenWindow {
    dataset.withTokens(of: piece(weightEnds, using: &generator)) {
      TokenWindow(tokens: Array($0.prefix(Cut.context + Cut.length)))
    }
  }

  /// Draws a stretch together with its context. O(piece).
  func stretchWithContext(using generator: inout SplitMix64) -> TokenWindow {
    dataset.withTokens(of: piece(ends, using: &generator)) { tokens in
      let start = generator.number(in: Cut.starts(in: tokens.count) ?? Cut.context...Cut.context) - Cut.context
      return TokenWindow(of: tokens, from: start, count: Cut.context + Cut.length, context: start)
    }
  }

  /// Draws the context before a stretch: `length` tokens, at most `Cut.context`.
  func prompt(_ length: Int, using generator: inout SplitMix64) -> [UInt16] {
    dataset.withTokens(of: piece(ends, using: &generator)) { tokens in
      let starts = Cut.starts(in: tokens.count) ?? Cut.context...Cut.context
      let start = generator.number(in: starts)
      var state = KeyboardState()
      for token in tokens[..<(start - length)] { state.apply(token) }
      return Self.beginning(with: tokens[(start - length)..<start], level: state.level)
    }
  }

  /// A stretch of a stream as a valid stream of its own: ends of notes that started before it are removed, and a level
  /// is inserted before its first note. Notes may still sound at its end.
  ///
  /// - Parameter level: the current level at its beginning.
  package static func beginning(with tokens: some Sequence<UInt16>, level: UInt8?) -> [UInt16] {
    var (result, ticks): ([UInt16], Int) = ([], 0)
    var sounding = KeyboardState()
    func passTime() {
      result += Token.shifts(passing: ticks).map(\.rawValue)
      ticks = 0
    }
    for token in tokens {
      switch token {
      case Token.noteOffs where !sounding.isSounding(Int(token - Token.noteOffs.lowerBound)): continue
      case Token.timeShifts:
        ticks += Token.ticks(ofShift: token)
        continue
      default: break
      }
      passTime()
      if Token.noteOns.contains(token), sounding.level == nil, let level {
        let change = Token.velocityChanges.lowerBound + UInt16(level)
        result.append(change)
        sounding.apply(change)
      }
      sounding.apply(token)
      result.append(token)
    }
    passTime()
    return result
  }

  /// Draws a passage as a stream of its own, without the end of its piece: the beginning of a piece, or one after the
  /// context of stretches. It may be shorter than `length` if the piece is. O(piece).
  func passage(_ length: Int, isOpening: Bool, using generator: inout SplitMix64) -> [UInt16] {
    dataset.withTokens(of: piece(isOpening ? weightEnds : ends, using: &generator)) { tokens in
      let music = tokens.dropLast(Cut.ending)
      if isOpening { return Array(music.prefix(length)) }
      let start = generator.number(in: Cut.starts(in: tokens.count) ?? Cut.context...Cut.context) - Cut.context
      var state = KeyboardState()
      for token in music.prefix(start) { state.apply(token) }
      return Self.beginning(with: music.dropFirst(start).prefix(length), level: state.level)
    }
  }

  private func piece(_ ends: [Double], using generator: inout SplitMix64) -> Piece {
    let place = generator.uniform() * (ends.last ?? 0)
    return pieces[min(ends.partitioningIndex { $0 > place }, pieces.count - 1)]
  }
}

/// How stretches are cut from a stream: in the same way for real music and for takes, so that the critic cannot exploit
/// a difference in preprocessing.
package enum Cut {
  /// The maximum length of a stretch: the critic's longest window.
  package static let length = 256
  /// The maximum number of context tokens before a stretch; the actual number is random.
  package static let context = 256
  /// The tokens at the end of a stream that no stretch includes, since takes do not end like pieces.
  static let ending = 64

  /// The position of a stretch in its stream.
  package enum Place {
    /// Anywhere after its context, every token equally likely.
    case anywhere
    /// Near the beginning: at most `last` tokens after it.
    case opening(last: Int)

    /// An opening that starts within the first 576 tokens.
    package static let opening = Place.opening(last: 576)

    var isOpening: Bool { if case .opening = self { true } else { false } }
  }

  /// The possible starts of a stretch; nil if the stream is too short.
  ///
  /// - Parameter prompt: the number of tokens at the beginning that no stretch may include.
  static func starts(in count: Int, _ place: Place = .anywhere, after prompt: Int = 0) -> ClosedRange<Int>? {
    let last = count - length - ending
    switch place {
    case .anywhere:
      let first = max(context, prompt)
      return last >= first ? first...last : nil
    case .opening(let latest): return last >= prompt ? prompt...min(last, max(prompt, latest)) : nil
    }
  }

  /// - Precondition: The stream is long enough.
  package static func stretch(
    of tokens: some RandomAccessCollection<UInt16>, _ place: Place = .anywhere, after prompt: Int = 0, length: Int,
    using generator: inout SplitMix64
  ) -> TokenWindow {
    guard let starts = starts(in: tokens.count, place, after: prompt) else {
      preconditionFailure("the stream is too short for a stretch")
    }
    let start = generator.number(in: starts)
    return stretch(of: tokens, from: start, length: length, using: &generator)
  }

  /// A stretch that starts at a given token.
  package static func stretch(
    of tokens: some RandomAccessCollection<UInt16>, from start: Int, length: Int, using generator: inout SplitMix64
  ) -> TokenWindow {
    // Half of the stretches have the full context, as when a critic is used. The first token is never part of it: in a take
    // with a prompt it is the current level, which a stretch of real music may have no token of.
    let known = generator.number(in: 0...1) == 0 ? context : generator.number(in: 0...context)
    return TokenWindow(of: tokens, from: start, count: length, context: min(known, max(0, start - 1)))
  }
}

extension [TokenWindow] {
  /// The stretches, each transposed by a random interval.
  func transposed(within semitones: ClosedRange<Int>, using generator: inout SplitMix64) -> [TokenWindow] {
    map { $0.transposed(by: generator.number(in: semitones)) }
  }
}
