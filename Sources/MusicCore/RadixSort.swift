/// An element that is sorted by an integer key.
protocol RadixSortable {
  var key: UInt64 { get }
}

extension UnsafeMutableBufferPointer where Element: RadixSortable {
  /// Sorts by rising key, stably, in linear time: eleven bits a pass, least significant first.
  ///
  /// - Parameter lowestBit: the first bit of the keys that counts; those below it are ignored.
  func radixSort(from lowestBit: UInt64 = 0) {
    guard count > 64 else { return insertionSort(from: lowestBit) }
    let (highest, isSorted) = survey(from: lowestBit)
    guard !isSorted else { return }
    withUnsafeTemporaryAllocation(of: Element.self, capacity: count) { buffer in
      var (from, to) = (self, UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      for shift in stride(from: lowestBit, to: UInt64(64 - highest.leadingZeroBitCount), by: 11) {
        Self.distribute(from, into: to, by: shift)
        swap(&from, &to)
      }
      if from.baseAddress != baseAddress { _ = update(fromContentsOf: from) }
    }
  }

  private func insertionSort(from lowestBit: UInt64) {
    for index in indices.dropFirst() {
      let element = self[index]
      var place = index
      while place > 0, self[place - 1].key &>> lowestBit > element.key &>> lowestBit {
        self[place] = self[place - 1]
        place -= 1
      }
      self[place] = element
    }
  }

  /// The highest bit set in any key, and whether the keys already rise.
  private func survey(from lowestBit: UInt64) -> (highest: UInt64, isSorted: Bool) {
    var highest: UInt64 = 0
    var falls = 0
    var previous: UInt64 = 0
    for element in self {
      let key = element.key &>> lowestBit
      highest |= element.key
      falls += key < previous ? 1 : 0
      previous = key
    }
    return (highest, falls == 0)
  }

  private static func distribute(_ source: Self, into target: Self, by shift: UInt64) {
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
