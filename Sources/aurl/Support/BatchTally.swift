import Files
import Terminal

/// Counts the results of a batch, and determines the exit status.
struct BatchTally {
  /// How inputs that cannot be read are treated.
  enum Policy {
    /// They are skipped, and the program succeeds if any other was read.
    case skip
    /// The others are processed, and the program ends with the status of the last failure.
    case fail
  }

  /// The participle of the work, such as "encoded".
  let verb: String
  let count: Int
  let policy: Policy
  private(set) var done = 0
  /// The number of inputs that could not be read or have no usable content.
  private(set) var skipped = 0
  /// The number of results that could not be written.
  private(set) var lost = 0
  private var skippedStatuses: Set<ExitStatus> = []
  private var lostStatuses: Set<ExitStatus> = []
  private var last: Failure?

  init(_ verb: String, count: Int, policy: Policy) {
    self.verb = verb
    self.count = count
    self.policy = policy
  }

  /// Counts a file and prints its failure, unless `check()` will throw it.
  mutating func add(_ failure: Failure?, of name: String, isQuiet: Bool) {
    guard let failure else { return done += 1 }
    last = failure
    if failure.losesResult {
      lost += 1
      lostStatuses.insert(failure.status)
    } else {
      skipped += 1
      skippedStatuses.insert(failure.status)
    }
    if failure.losesResult || policy == .fail {
      if count > 1 { Message.error("\(failure)") }
    } else if !isQuiet {
      Message.note("\(name): skipped: \(failure.message)")
    }
  }

  /// A summary for the user, such as "9 of 10 files encoded, 1 skipped".
  var summary: String {
    "\(done) of \(count) files \(verb), \(skipped) skipped\(lost > 0 ? ", \(lost) lost" : "")"
  }

  /// Throws the failure with the right exit status: 74 if results are lost, 73 if no result could be created at all,
  /// that of the inputs if none could be read. With a single file, its own failure.
  ///
  /// - Parameters:
  ///   - emptyMessage: the message if nothing was done.
  ///   - subject: the folder that the message is about.
  func check(_ emptyMessage: String? = nil, of subject: String? = nil) throws(Failure) {
    guard let last else { return }
    if count == 1, lost > 0 || policy == .fail { throw last }
    if lost > 0 {
      let isNothingCreated = done == 0 && lostStatuses == [.cannotCreate]
      throw Failure(
        isNothingCreated ? .cannotCreate : .inputOutput, nil, "\(lost) of \(count) results could not be written")
    }
    if policy == .fail { throw Failure(last.status, nil, "\(skipped) of \(count) files could not be \(verb)") }
    guard done > 0 else {
      let status = skippedStatuses.count == 1 ? last.status : .malformedInput
      throw Failure(status, subject, emptyMessage ?? "not one of the files could be \(verb)")
    }
  }
}
