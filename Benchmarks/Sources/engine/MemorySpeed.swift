import CReading
import Glibc

/// Measures how fast a core reads as many bytes as the weights that a token needs.
struct MemorySpeed {
  private let words: UnsafeMutablePointer<UInt64>
  /// The number of words of one pass, and of passes that fit into the memory.
  private let count: Int
  private let readings: Int
  private var next = 0
  private var sum: UInt64 = 0

  /// - Parameter readings: 1 to read the same bytes in each pass, from a cache if they fit; more to read different
  ///   bytes each time, from memory.
  init(bytes: Int, readings: Int) {
    count = bytes / 512 * 64
    self.readings = readings
    let hugePage = 1 << 21
    let size = (count * 8 * readings + hugePage - 1) & -hugePage
    let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: hugePage)
    madvise(memory, size, MADV_HUGEPAGE)
    words = memory.bindMemory(to: UInt64.self, capacity: size / 8)
    words.initialize(repeating: 1, count: size / 8)
  }

  /// The seconds of one pass.
  mutating func measure() -> Double {
    let start = words + next % readings * count
    next += 1
    let time = seconds { sum ^= read_words(start, count) }
    precondition(sum <= 1, "the words are ones")
    return time
  }
}

/// The CPU time in seconds that `body` takes on this thread: other load on the machine is not counted.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = processorTime
  try body()
  return processorTime - start
}

/// The CPU time of this thread in seconds.
private var processorTime: Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
