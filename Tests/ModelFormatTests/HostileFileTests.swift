import Files
import FoundationEssentials
import Glibc
import ModelFormat
import TestSupport
import Testing

/// Inconsistent files, each of which must be rejected with a one-line message that gives the position.
@Suite struct HostileFileTests {
  /// The bytes of a file, and a part of the error message.
  struct Case: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var says: String

    init(_ bytes: [UInt8], says: String) {
      (self.bytes, self.says, testDescription) = (bytes, says, says)
    }

    init(_ header: String, data: Int = 8, says: String) { self.init(image(header, data: data), says: says) }
  }

  private static let lengths = [
    Case([], says: "the file is empty"),
    Case([1, 2, 3], says: "3 bytes, too few"),
    Case(bytes(of: UInt64.max) + Array("{}".utf8), says: "18446744073709551615 bytes, more than"),
    Case(bytes(of: UInt64(100_000_001)) + Array("{}".utf8), says: "100000001 bytes, more than the 100000000"),
    Case(bytes(of: UInt64(3)) + Array("{}".utf8), says: "have 3 bytes, but the file ends after 2"),
    Case(bytes(of: UInt64(0)), says: "does not begin with"),
    Case(
      Array(image("{\(entry("a"))}", data: 8).dropLast()), says: "tensor \"a\" ends at byte 8 of the data, which has 7"),
  ]

  private static let json = [
    Case("[]", says: "does not begin with"),
    Case(" {\(entry("a"))}", says: "does not begin with"),
    Case("{", says: "at byte 1, where it ends: a name in quotes expected"),
    Case("{]", says: "at byte 1: a name"),
    Case("{\(entry("a"))", says: "\",\" or \"}\" expected"),
    Case("{\(entry("a"))}x", says: "the end expected"),
    Case("{\(entry("a"))}{}", says: "the end expected"),
    Case("{\(entry("a")),}", says: "a name in quotes expected"),
    Case("{a:1}", says: "at byte 1: a name in quotes expected"),
    Case("{\"a\" 1}", says: "\":\" expected"),
    Case("{\"a\":null}", says: "tensor \"a\" the header is invalid at byte 5: its entry expected"),
    Case("{\"a\":[]}", says: "its entry expected"),
    Case("{\"a\":\"x\"}", says: "its entry expected"),
    Case("{\"a\n\":{}}", says: "text without control characters expected"),
    Case("{\"a", says: "the end of a text expected"),
    Case("{\"a\\", says: "an escape expected"),
    Case("{\"\\x\":{}}", says: "an escape expected"),
    Case("{\"\\u12", says: "four hexadecimal digits expected"),
    Case("{\"\\u+123\":{}}", says: "four hexadecimal digits expected"),
    Case("{\"\\ud800\":{}}", says: "a pair of surrogates expected"),
    Case("{\"\\udc00\\ud800\":{}}", says: "a pair of surrogates expected"),
    Case("{\"\\ud800\\u0041\":{}}", says: "a pair of surrogates expected"),
    Case(image(Array("{\"".utf8) + [0xFF] + Array("\":{}}".utf8)), says: "text at byte 2 that is not UTF-8"),
    Case(image(Array("{\"".utf8) + [0xC0, 0x80] + Array("\":{}}".utf8)), says: "not UTF-8"),
    Case(image(Array("{\"".utf8) + [0xED, 0xA0, 0x80] + Array("\":{}}".utf8)), says: "not UTF-8"),
    Case(image(Array("{".utf8) + [0xEF, 0xBB, 0xBF] + Array("}".utf8)), says: "a name in quotes expected"),
    Case(String(repeating: "{\"a\":", count: 1_000_000), says: "tensor \"a\" has a field \"a\""),
    Case(
      "{\"a\":{\"shape\":" + String(repeating: "[", count: 1_000_000), says: "a dimension, a whole number from 0 up"),
    Case("{\"__metadata__\":{\"a\":" + String(repeating: "{\"a\":", count: 1_000_000), says: "text as metadata \"a\""),
  ]

  private static let names = [
    Case("{\(entry("a")),\(entry("a"))}", says: "\"a\" twice in the header"),
    Case("{\(entry("a")),\(entry("\\u0061"))}", says: "\"a\" twice in the header"),
    Case("{\(entry("é")),\(entry("e\\u0301", "F32", "[2]", "[8,16]"))}", data: 16, says: "\" twice in the header"),
    Case("{\"__metadata__\":{},\"__metadata__\":{}}", data: 0, says: "\"__metadata__\" twice in the header"),
    Case("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", data: 0, says: "\"k\" twice in the metadata"),
    Case("{\"__metadata__\":{\"k\":1}}", data: 0, says: "text as metadata \"k\" expected"),
    Case("{\"__metadata__\":[]}", data: 0, says: "the metadata expected"),
    Case("{\(entry(""))}", says: "has a name that is empty"),
    Case("{\(entry("a\\u0000b"))}", says: "tensor \"a?b\" has a name that is empty or has control characters"),
    Case("{\(entry("a\\nb"))}", says: "tensor \"a?b\" has a name"),
    Case("{\(entry(String(repeating: "n", count: 1000), "X"))}", says: "n…\" has the dtype \"X\""),
  ]

  private static let entries = [
    Case("{\"a\":{}}", says: "tensor \"a\" has no dtype"),
    Case("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", says: "tensor \"a\" has no shape"),
    Case("{\"a\":{\"dtype\":\"F32\",\"shape\":[2]}}", says: "tensor \"a\" has no data_offsets"),
    Case(
      "{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", says: "tensor \"a\" the header has \"dtype\" twice in its entry"),
    Case("{\"a\":{\"device\":\"cpu\"}}", says: "tensor \"a\" has a field \"device\""),
    Case("{\"a\":{\"dtype\":7}}", says: "tensor \"a\" the header is invalid at byte 14: a dtype expected"),
    Case("{\(entry("a", "F128"))}", says: "tensor \"a\" has the dtype \"F128\", which is not read here"),
    Case("{\(entry("a", "f32"))}", says: "dtype \"f32\""),
    Case("{\(entry("a", ""))}", says: "dtype \"\""),
    Case("{\(entry("a", "F8_E4M3"))}", says: "dtype \"F8_E4M3\""),
    Case("{\(entry("a", "F32", "2"))}", says: "a list of numbers expected"),
    Case("{\(entry("a", "F32", "[-2]"))}", says: "a dimension, a whole number from 0 up, expected"),
    Case("{\(entry("a", "F32", "[2.0]"))}", says: "a dimension, a whole number from 0 up, expected"),
    Case("{\(entry("a", "F32", "[2e0]"))}", says: "a dimension, a whole number from 0 up, expected"),
    Case("{\(entry("a", "F32", "[02]"))}", says: "a dimension, a whole number from 0 up, expected"),
    Case("{\(entry("a", "F32", "[\\\"2\\\"]"))}", says: "a dimension, a whole number"),
    Case("{\(entry("a", "F32", "[true]"))}", says: "a dimension, a whole number"),
    Case("{\(entry("a", "F32", "[2,]"))}", says: "a dimension, a whole number"),
    Case("{\(entry("a", "F32", "[,2]"))}", says: "a dimension, a whole number"),
    Case("{\(entry("a", "F32", "[9223372036854775808]"))}", says: "too large"),
    Case("{\(entry("a", "F32", "[99999999999999999999999]"))}", says: "too large"),
    Case("{\(entry("a", "F32", "[4294967296,4294967296,2]"))}", says: "tensor \"a\" has the shape"),
    Case("{\(entry("a", "F32", "[9223372036854775807]"))}", says: "tensor \"a\" has the shape"),
    Case("{\(entry("a", "F32", "[0,9223372036854775807,9223372036854775807]", "[0,0]"))}", says: "too large"),
    Case("{\(entry("a", "F32", "[\(String(repeating: "1,", count: 40))1]"))}", says: "there are at most 32"),
    Case("{\(entry("a", "F32", "[3]"))}", says: "tensor \"a\" has 8 bytes, but F32 [3] needs 12"),
    Case("{\(entry("a", "F32", "[0]"))}", says: "tensor \"a\" has 8 bytes, but F32 [0] needs 0"),
    Case("{\(entry("a", "F32", "[]"))}", says: "tensor \"a\" has 8 bytes, but F32 [] needs 4"),
    Case("{\(entry("a", "F16"))}", says: "tensor \"a\" has 8 bytes, but F16 [2] needs 4"),
  ]

  private static let places = [
    Case("{\(entry("a", "F32", "[2]", "[8]"))}", says: "tensor \"a\" has 1 data_offsets, not 2"),
    Case("{\(entry("a", "F32", "[2]", "[]"))}", says: "tensor \"a\" has 0 data_offsets, not 2"),
    Case("{\(entry("a", "F32", "[2]", "[0,8,8]"))}", says: "tensor \"a\" has an offset too many"),
    Case("{\(entry("a", "F32", "[2]", "[-8,0]"))}", says: "an offset, a whole number from 0 up, expected"),
    Case("{\(entry("a", "F32", "[2]", "[0.5,8.5]"))}", says: "an offset, a whole number from 0 up, expected"),
    Case(
      "{\(entry("a", "F32", "[2]", "[8,0]"))}", says: "tensor \"a\" ends at byte 0 of the data, before its start at 8"),
    Case("{\(entry("a", "F32", "[2]", "[8,16]"))}", says: "tensor \"a\" ends at byte 16 of the data, which has 8"),
    Case(
      "{\(entry("a", "F32", "[2]", "[9223372036854775799,9223372036854775807]"))}",
      says: "tensor \"a\" ends at byte 9223372036854775807"),
    Case(
      "{\(entry("a", "F32", "[2]", "[4,12]"))}", data: 12,
      says: "tensor \"a\" starts at byte 4 of the data, after a hole"),
    Case(
      "{\(entry("a")),\(entry("b", "F32", "[1]", "[12,16]"))}", data: 16,
      says: "tensor \"b\" starts at byte 12 of the data, after a hole from byte 8"),
    Case(
      "{\(entry("a")),\(entry("b", "F32", "[2]", "[4,12]"))}", data: 12, says: "tensor \"b\" overlaps tensor \"a\""),
    Case("{\(entry("a")),\(entry("b"))}", says: "overlaps tensor"),
    Case("{\(entry("a"))}", data: 9, says: "1 bytes follow the last tensor"),
    Case("{}", data: 1, says: "1 bytes follow the last tensor"),
    Case(
      "{\(entry("a")),\(entry("b", "F32", "[0]", "[4,4]"))}", says: "tensor \"b\" overlaps tensor \"a\""),
  ]

  @Test(arguments: lengths + json + names + entries + places) func isRefused(file: Case) throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(file.bytes, to: "a.safetensors")
    do {
      _ = try SafetensorsFile(path: path)
      Issue.record("it was read")
    } catch {
      #expect(error.path == path)
      #expect(error.message.contains(file.says), "\(error.message)")
      #expect(error.description == "\(path): \(error.message)")
      #expect(!error.description.contains("\n") && error.message.count < 300)
    }
  }

  @Test func foldersPipesAndMissingFiles() throws {
    let folder = try TemporaryFolder()
    let pipe = folder.path("pipe")
    #expect(mkfifo(pipe, 0o600) == 0)
    let missing = folder.path("none.safetensors")
    #expect(throws: ModelFormatError.file(FileError(path: missing, operation: .open, code: ENOENT))) {
      try SafetensorsFile(path: missing)
    }
    #expect(throws: ModelFormatError.file(FileError(path: folder.url.path, operation: .read, code: EISDIR))) {
      try SafetensorsFile(path: folder.url.path)
    }
    for path in [pipe, "/dev/null", "/dev/zero"] {
      #expect(throws: ModelFormatError.content(path: path, reason: "is not a regular file; a model is read from one")) {
        try SafetensorsFile(path: path)
      }
    }
    #expect(throws: ModelFormatError.content(path: "/proc/self/stat", reason: "the file is empty")) {
      try SafetensorsFile(path: "/proc/self/stat")
    }
  }

  /// Any damage results in an error, or in a file whose tensors are all within its bounds.
  @Test(arguments: 0..<8) func damage(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let header =
      "{\"__metadata__\":{\"k\":\"v\"},\(entry("a")),\(entry("b", "I8", "[2,4]", "[8,16]")),\(entry("c", "F16", "[0,3]", "[16,16]"))}"
    let sound = image(header, data: 16)
    var read = 0
    for _ in 0..<5000 {
      var bytes = sound
      for _ in 0...Int.random(in: 0...2, using: &random) where !bytes.isEmpty {
        let offset = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[offset] = .random(in: 0 ... .max, using: &random)
        case 1: bytes[offset] = Array("{}[],:\"\\0123456789-. ".utf8).randomElement(using: &random) ?? 0
        case 2: bytes.remove(at: offset)
        default: bytes.insert(.random(in: 0x20...0x7E, using: &random), at: offset)
        }
      }
      guard let file = try? SafetensorsFile(bytes: bytes) else { continue }
      read += 1
      #expect(
        file.tensors.allSatisfy { $0.withUnsafeBytes(\.count) == $0.layout.byteCount && $0.floats.count == $0.count })
      try file.verifyFinite()
    }
    #expect(read > 0)
  }
}
