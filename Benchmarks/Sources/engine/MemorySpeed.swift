import CReading
import Glibc

/// How fast a core reads as many bytes as the weights that a token needs.
struct MemorySpeed {
  private let words: UnsafeMutablePointer<UInt64>
  /// Words of one reading, and the readings that the memory has room for.
  private let count: Int
  private let readings: Int
  private var next = 0
  private var sum: UInt64 = 0

  /// - Parameter readings: 1 to read the same bytes again and again, out of a cache where they fit into one; more for
  ///   others each time, which come from memory.
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

  /// Seconds of one reading.
  mutating func measure() -> Double {
    let start = words + next % readings * count
    next += 1
    let time = seconds { sum ^= read_words(start, count) }
    precondition(sum <= 1, "the words are ones")
    return time
  }
}

/// Seconds of this thread that `body` takes: what else the machine does at the time is not counted, as waiting would be.
func seconds(_ body: () throws -> Void) rethrows -> Double {
  let start = processorTime
  try body()
  return processorTime - start
}

/// Seconds that this thread has had a processor.
private var processorTime: Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
