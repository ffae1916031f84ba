/// Something to sort by a number.
protocol RadixSortable {
  var key: UInt64 { get }
}

extension Array where Element: RadixSortable {
  /// Sorts by rising key, stably, in linear time: eleven bits a pass, least significant first.
  mutating func radixSort() {
    guard count > 64 else {
      sort { $0.key < $1.key }
      return
    }
    let (highest, isSorted) = survey()
    guard !isSorted else { return }
    let count = count
    withUnsafeMutableBufferPointer { elements in
      withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { buffer in
        var (from, to) = (UnsafeMutableBufferPointer(rebasing: elements[...]), buffer)
        for shift in stride(from: UInt64(0), to: UInt64(64 - highest.leadingZeroBitCount), by: 11) {
          Self.distribute(from, into: to, by: shift)
          swap(&from, &to)
        }
        if from.baseAddress != elements.baseAddress {
          _ = elements.update(fromContentsOf: from)
        }
      }
    }
  }

  /// The bits that keys have, and whether the keys rise.
  private func survey() -> (highest: UInt64, isSorted: Bool) {
    var highest: UInt64 = 0
    var falls = 0
    var previous: UInt64 = 0
    for element in self {
      highest |= element.key
      falls += element.key < previous ? 1 : 0
      previous = element.key
    }
    return (highest, falls == 0)
  }

  private static func distribute(
    _ source: UnsafeMutableBufferPointer<Element>, into target: UnsafeMutableBufferPointer<Element>, by shift: UInt64
  ) {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 2048) { starts in
      starts.initialize(repeating: 0)
      for element in source { starts[Int(element.key &>> shift & 2047)] &+= 1 }
      var sum: UInt32 = 0
      for digit in 0..<2048 { (starts[digit], sum) = (sum, sum &+ starts[digit]) }
      for element in source {
        let digit = Int(element.key &>> shift & 2047)
        target[Int(starts[digit])] = element
        starts[digit] &+= 1
      }
    }
  }
}
