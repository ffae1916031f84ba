/// Tokens in unmanaged memory, for a writer that reserves room once and then appends several.
struct TokenBuffer: ~Copyable {
  private var tokens: UnsafeMutablePointer<Token>
  private var capacity = 0
  private var count = 0

  /// The position of the next token. Appending does not check whether there is room.
  struct End {
    fileprivate var pointer: UnsafeMutablePointer<Token>

    @inline(__always)
    mutating func append(_ token: Token) {
      pointer.pointee = token
      pointer += 1
    }

    /// Appends if a condition holds, without a branch; needs room in either case.
    @inline(__always)
    mutating func append(_ token: Token, if condition: Bool) {
      pointer.pointee = token
      pointer += condition ? 1 : 0
    }
  }

  init() { tokens = .allocate(capacity: 0) }

  deinit { tokens.deallocate() }

  @inline(__always)
  var end: End {
    get { End(pointer: tokens + count) }
    set { count = newValue.pointer - tokens }
  }

  /// Appends a token.
  mutating func append(_ token: Token) {
    makeRoom(for: 1)
    tokens[count] = token
    count += 1
  }

  /// Makes room for a number of further tokens. O(1) amortized.
  @inline(__always)
  mutating func makeRoom(for more: Int) {
    if capacity &- count < more { reserve(count + more) }
  }

  /// Makes room for `least` tokens in all.
  @inline(never)
  mutating func reserve(_ least: Int) {
    guard least > capacity else { return }
    capacity = Swift.max(least, 2 * capacity)
    let larger = UnsafeMutablePointer<Token>.allocate(capacity: capacity)
    larger.moveInitialize(from: tokens, count: count)
    tokens.deallocate()
    tokens = larger
  }

  /// Removes and returns the tokens.
  mutating func take() -> [Token] {
    defer { count = 0 }
    return Array(UnsafeBufferPointer(start: tokens, count: count))
  }
}
