internal import Generation
internal import MusicCore
internal import MusicTokens

/// Generates several candidates from one position, one after the other, and chooses the best.
struct Rehearsal {
  let request: PlanRequest
  let start: TokenStream.Mark
  private let settings: ImproviserSettings
  private let pitchClasses: PitchClassSet?
  private let seed: (UInt64, UInt64)
  private let motif: ArraySlice<Melody.Tone>?
  /// The rest of a quote that the previous stretch began.
  private let openQuote: [Token]
  /// The constraints on notes on and between beats, if there is a chord.
  private var chordConstraints: (onBeat: Constraints, passing: Constraints)?
  private var best: Candidate?
  private var count = 0
  private var tokens = 0
  private var current: Candidate?

  /// The most tokens of a candidate.
  private static let limit = 200

  /// The chosen stretch, and its tokens.
  struct Choice {
    var segment: Segment
    var tokens: [Token]
    /// The rest of its quote.
    var openQuote: [Token]
  }

  /// One candidate.
  fileprivate struct Candidate {
    var generator: SplitMix64
    var tokens: [Token] = []
    var events: [PlannedEvent] = []
    /// The tokens still to be copied from the call.
    var quote: [Token] = []
    var logProbability: Float = 0
    var until = 0
    var isLast = false
    /// The pitches that sound after the last onset.
    var chord: FinalChord
    var cost = AnswerCost()
  }

  init(
    _ request: PlanRequest, from start: TokenStream.Mark, _ settings: ImproviserSettings, pitchClasses: PitchClassSet?,
    openQuote: [Token], number: UInt64
  ) {
    self.request = request
    self.openQuote = request.isFirst ? [] : openQuote
    self.settings = settings
    self.pitchClasses = pitchClasses
    seed = (settings.seed, number)
    let isQuoting = request.isFirst && settings.develop > 0
    motif = isQuoting ? Melody(request.call.strikes.map { ($0.tick, $0.pitch) }).motif() : nil
    var start = start
    func constraints(_ pitchClasses: PitchClassSet?) -> Constraints {
      let consonant = PitchClassSet(bits: (pitchClasses?.bits ?? .max) & ~request.clashing.bits)
      return settings.constraints(
        answering: request.call, pitchClasses: request.clashing.isEmpty || consonant.isEmpty ? pitchClasses : consonant,
        beside: request.side)
    }
    start.grammar.constraints = constraints(pitchClasses)
    if let chord = request.chord {
      chordConstraints = (constraints(chord.pitchClasses), constraints(chord.passing(pitchClasses)))
    }
    start.grammar.earliest = max(request.from, start.grammar.time + (start.grammar.time >= request.from ? 1 : 0))
    let latestStart = request.latestStart
    start.grammar.latestStart = latestStart
    start.grammar.latestOnset = request.latestOnset.map { max(min($0, latestStart), start.grammar.earliest) }
    start.grammar.foreign = request.foreign.intersection(start.grammar.sounding)
    start.grammar.end = max(request.end, start.grammar.earliest + 1)
    self.start = start
  }

  /// Samples a token; returns the choice when all candidates are complete.
  mutating func goOn(on stream: TokenStream) throws(GenerationError) -> Choice? {
    if current == nil { beginCandidate(on: stream) }
    guard var candidate = current else { return nil }
    let isOver = try advance(&candidate, on: stream)
    current = isOver ? nil : candidate
    guard isOver else { return nil }
    finish(&candidate)
    if let best, total(best) <= total(candidate) {} else { best = candidate }
    guard count >= request.candidates || tokens >= request.budget, let best else { return nil }
    var segment = Segment(until: best.until, isLast: best.isLast)
    (segment.events, segment.cost) = (best.events, best.cost)
    (segment.candidates, segment.tokens) = (count, tokens)
    return Choice(segment: segment, tokens: best.tokens, openQuote: best.quote)
  }

  private func total(_ candidate: Candidate) -> Double { candidate.cost.total(develop: settings.develop) }

  // MARK: Candidates

  private mutating func beginCandidate(on stream: TokenStream) {
    stream.rewind(to: start)
    var candidate = Candidate(
      generator: SplitMix64(keys: seed.0, seed.1, UInt64(count)), chord: FinalChord(sounding: start.grammar.own))
    // The share of candidates that begin with the motif rises with `develop`, from one in five to all of them.
    let quoted = Int((Double(request.candidates) * min(1, 0.2 + 0.8 * settings.develop)).rounded(.up))
    if count < quoted, !openQuote.isEmpty {
      candidate.quote = openQuote
    } else if let motif, count < quoted, request.candidates > 1 || settings.develop == 1 {
      let quote = Quote(rawValue: count % Quote.allCases.count) ?? .literal
      candidate.quote = tokens(quote, of: motif, stream.grammar)
    }
    count += 1
    current = candidate
  }

  private func tokens(_ quote: Quote, of motif: ArraySlice<Melody.Tone>, _ grammar: Grammar) -> [Token] {
    let levels = settings.levels(answering: request.call)
    let median = request.call.level.flatMap { DynamicLevel(rawValue: UInt8($0.rounded())) } ?? .mf
    let first = min(grammar.earliest + 1, grammar.latestOnset ?? .max)
    let events = quote.events(
      of: motif, from: first, level: min(max(median, levels.lowerBound), levels.upperBound),
      pitchClasses: pitchClasses, range: settings.range(answering: request.call))
    guard let events else { return [] }
    return StreamText.tokens(
      of: events, after: grammar.time, level: grammar.level.flatMap { DynamicLevel(rawValue: UInt8($0)) },
      sounding: grammar.sounding)
  }

  /// Appends the next token to the candidate; true if it is complete.
  private mutating func advance(_ candidate: inout Candidate, on stream: TokenStream) throws(GenerationError) -> Bool {
    if let chord = request.chord, let (onBeat, passing) = chordConstraints {
      let isOnBeat = chord.isOnBeat(Tick(step: stream.grammar.time))
      stream.grammar.constraints = isOnBeat ? onBeat : passing
    }
    // No copy of the grammar is kept: while one exists, every note would copy the figures that the grammar stores.
    let (time, isAtRest) = (stream.grammar.time, stream.grammar.own.isEmpty)
    let isStuck = stream.grammar.choices.isEmpty
    guard candidate.tokens.count < Self.limit, !isStuck else {
      candidate.until = max(time + 1, stream.grammar.earliest)
      candidate.isLast = isStuck
      return true
    }
    if let next = candidate.quote.first, next.isTimeShift, mayCut(candidate, at: time) {
      candidate.until = time + 1
      return true
    }
    tokens += 1
    if !candidate.quote.isEmpty {
      let token = candidate.quote.removeFirst()
      if let probability = stream.take(token, using: &candidate.generator) {
        note(token, probability, in: &candidate, time: stream.grammar.time)
      } else {
        // The rest of the quote does not fit; the music continues from the part that does.
        candidate.quote = []
      }
      return false
    }
    stream.grammar.mayEnd = time >= request.mayEndFrom
    guard let token = try stream.next(using: &candidate.generator) else {
      (candidate.until, candidate.isLast) = (time, true)
      return true
    }
    if case .timeShift(let ticks) = token.meaning, isAtRest, isEnd(at: time, beforeShift: ticks) {
      (candidate.until, candidate.isLast) = (time, true)
      return true
    }
    if case .timeShift = token.meaning, stream.grammar.time >= request.until, !stream.grammar.isOver {
      // The stretch ends here; the next one begins with a shift that is at least as long.
      candidate.until = request.until
      return true
    }
    if case .timeShift = token.meaning, mayCut(candidate, at: time), !stream.grammar.isOver {
      candidate.until = time + 1
      return true
    }
    note(token, stream.lastLogProbability, in: &candidate, time: stream.grammar.time)
    guard stream.grammar.isOver else { return false }
    for release in stream.grammar.releases { note(release, 0, in: &candidate, time: stream.grammar.time) }
    (candidate.until, candidate.isLast) = (stream.grammar.time, true)
    return true
  }

  /// Whether the stretch may end before the next time shift.
  private func mayCut(_ candidate: Candidate, at time: Int) -> Bool {
    request.cut.map { time >= $0.from && candidate.tokens.count >= $0.tokens } ?? false
  }

  /// Whether the phrase ends at a rest before a time shift.
  private func isEnd(at time: Int, beforeShift ticks: Int) -> Bool {
    guard time >= request.mayEndFrom else { return false }
    return time >= (request.mayEndFrom + request.end) / 2 || ticks > steps(2 * request.call.pace)
  }

  private func note(_ token: Token, _ logProbability: Float, in candidate: inout Candidate, time: Int) {
    candidate.tokens.append(token)
    candidate.logProbability += logProbability
    switch token.meaning {
    case .noteOn(let pitch):
      let level = candidate.level ?? start.grammar.level.flatMap { DynamicLevel(rawValue: UInt8($0)) }
      candidate.events.append(PlannedEvent(tick: Tick(step: time), pitch: pitch, level: level ?? .mf))
      candidate.chord.start(pitch)
    case .noteOff(let pitch):
      candidate.events.append(PlannedEvent(tick: Tick(step: time), pitch: pitch, level: nil))
      candidate.chord.end(pitch)
    case .timeShift, .velocityChange: break
    }
  }

  private func finish(_ candidate: inout Candidate) {
    // A time shift or a level at the end has no effect.
    while let last = candidate.tokens.last, last.isTimeShift || last.isVelocityChange { candidate.tokens.removeLast() }
    // An end without a note is silence for the whole stretch, not a short one.
    let isSilent = candidate.events.allSatisfy { $0.level == nil }
    let until = isSilent ? max(candidate.until, request.until) : candidate.until
    let seconds = TokenTime(rawValue: max(1, until - start.grammar.earliest)).seconds.rawValue
    var cost = AnswerCost(
      of: candidate.events, seconds: seconds, answering: request.call, pitchClasses: pitchClasses,
      quantizer: request.quantizer, isBeside: request.side != nil, after: request.earlier)
    cost.surprise = Double(-candidate.logProbability) / Double(max(1, candidate.tokens.count))
    if candidate.isLast, let evidence = candidate.chord.evidence(in: start.grammar.recent.keys) {
      cost.ending = Double(max(0, -evidence))
    }
    candidate.cost = cost
  }
}

extension Rehearsal.Candidate {
  /// The latest level.
  fileprivate var level: DynamicLevel? {
    for token in tokens.reversed() { if case .velocityChange(let level) = token.meaning { return level } }
    return nil
  }
}
