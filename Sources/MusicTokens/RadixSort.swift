/// Something to sort by a number.
protocol RadixSortable {
  var key: UInt64 { get }
}

extension Array where Element: RadixSortable {
  /// Sorts by rising key, stably, in linear time: eleven bits a pass, least significant first.
  mutating func radixSort() {
    guard count > 256 else {
      sort { $0.key < $1.key }
      return
    }
    var highest: UInt64 = 0
    var isSorted = true
    var previous: UInt64 = 0
    for element in self {
      highest |= element.key
      if element.key < previous { isSorted = false }
      previous = element.key
    }
    guard !isSorted else { return }
    var buffer = self
    for shift in stride(from: UInt64(0), to: UInt64(64 - highest.leadingZeroBitCount), by: 11) {
      distribute(into: &buffer, by: shift)
      swap(&self, &buffer)
    }
  }

  private func distribute(into buffer: inout [Element], by shift: UInt64) {
    withUnsafeTemporaryAllocation(of: Int.self, capacity: 2048) { starts in
      starts.initialize(repeating: 0)
      for element in self { starts[Int(element.key >> shift & 2047)] += 1 }
      var sum = 0
      for digit in starts.indices { (starts[digit], sum) = (sum, sum + starts[digit]) }
      for element in self {
        let digit = Int(element.key >> shift & 2047)
        buffer[starts[digit]] = element
        starts[digit] += 1
      }
    }
  }
}
