import Files
import MIDIFiles
import Testing

/// Files that are not MIDI files, and the error messages for them.
@Suite struct ForeignFileTests {
  static let foreign: [(String, [UInt8])] = [
    ("a web page (HTML)", Array("\n <!DOCTYPE html><html>".utf8)),
    ("a web page (HTML)", Array("\u{FEFF}<HTML><body>404".utf8)),
    ("XML or HTML text", Array("<?xml version=\"1.0\"?><kml>".utf8)),
    ("a MusicXML score", Array("<?xml version=\"1.0\"?>\n<score-partwise>".utf8)),
    ("a WAVE audio file (RIFF)", Array("RIFF\u{1}\u{1}\u{1}\u{1}WAVEfmt ".utf8)),
    ("a soundfont (RIFF)", Array("RIFF\u{1}\u{1}\u{1}\u{1}sfbkLIST".utf8)),
    ("another RIFF file", Array("RIFF\u{1}\u{1}\u{1}\u{1}ABCD".utf8)),
    ("a ZIP archive; unpack it first", Array("PK\u{3}\u{4}song.mid".utf8) + header()),
    ("a gzip archive that is cut short", [0x1F, 0x8B, 8, 0]),
    ("a gzip archive that is damaged", [0x1F, 0x8B, 9, 0, 0, 0, 0, 0, 0, 3, 1, 2, 3]),
    ("an XMI file (Miles Sound System); convert it to MIDI first", Array("FORM\0\0\0\u{E}XDIRINFO".utf8)),
    ("an XMI file (Miles Sound System); convert it to MIDI first", Array("FORM\0\0\0\u{E}XMIDTIMB".utf8)),
    ("a MUS file (DMX, as in Doom); convert it to MIDI first", Array("MUS\u{1A}\0\0".utf8)),
    ("an HMP file (Human Machine Interfaces); convert it to MIDI first", Array("HMIMIDIP\0\0".utf8)),
    ("an HMI file (Human Machine Interfaces); convert it to MIDI first", Array("HMI-MIDISONG061595".utf8)),
    ("a MIDI clip file of MIDI 2.0 (SMF2CLIP); export a Standard MIDI File", Array("SMF2CLIP\0".utf8)),
    (
      "a Git LFS pointer; \"git lfs pull\" brings the file itself",
      Array("version https://git-lfs.github.com/spec/v1\noid sha256:0\n".utf8)
    ),
    ("Base64 text of a MIDI file; decode it with \"base64 -d\" first", Array("TVRoZAAAAAYAAAAB\n".utf8)),
    ("JSON text", Array("{\"tracks\": []}".utf8)),
    ("a PDF document", Array("%PDF-1.7".utf8)),
    ("an MP3 audio file", Array("ID3\u{3}".utf8)),
    ("an Ogg audio file", Array("OggS".utf8)),
    ("a FLAC audio file", Array("fLaC".utf8)),
    ("an IFF file (AIFF audio or the like)", Array("FORM\u{1}\u{1}\u{1}\u{1}AIFF".utf8)),
    ("a PNG picture", [0x89] + Array("PNG\r\n".utf8)),
    ("a JPEG picture", [0xFF, 0xD8, 0xFF, 0xE0]),
    ("an MP4 or M4A file", [0, 0, 0, 0x20] + Array("ftypM4A ".utf8)),
    ("plain text", Array("X:1\nT:A tune in ABC\nK:D\n".utf8)),
    ("data of an unknown kind (it has no MThd header)", [0x00, 0x90, 0x3C, 0x40]),
    ("data of an unknown kind (it has no MThd header)", track(Fixture.playC4)),
    ("data of an unknown kind (it has no MThd header)", [0]),
  ]

  @Test(arguments: foreign) func foreignFiles(name: String, bytes: [UInt8]) {
    #expect(throws: MIDIFileError.notMIDI(name)) { try MIDIFile(bytes: bytes) }
    #expect("\(MIDIFileError.notMIDI(name))" == "not a MIDI file but \(name)")
  }

  @Test func rmidWithoutMusic() {
    #expect(throws: MIDIFileError.self) { try MIDIFile(bytes: Array("RIFF\u{1}\u{1}\u{1}\u{1}RMIDdata".utf8)) }
  }

  @Test func emptyFile() {
    #expect(throws: MIDIFileError.empty) { try MIDIFile(bytes: []) }
    #expect("\(MIDIFileError.empty)" == "the file is empty; give it a MIDI file")
  }

  @Test(arguments: 4..<14) func truncatedHeader(_ count: Int) {
    #expect(throws: MIDIFileError.truncatedHeader(offset: 0)) { try MIDIFile(bytes: Array(header().prefix(count))) }
  }

  @Test func truncatedHeaderAfterJunk() {
    #expect(throws: MIDIFileError.truncatedHeader(offset: 3)) { try MIDIFile(bytes: [1, 2, 3] + header().prefix(10)) }
  }

  @Test func missingFile() {
    let error = FileError(path: "/nowhere/song.mid", operation: .open, code: 2)
    #expect(throws: MIDIFileError.unreadable(error)) { try MIDIFile(path: "/nowhere/song.mid") }
    #expect("\(MIDIFileError.unreadable(error))" == "cannot be opened: no such file or directory")
  }

  /// Every error is one line that says what to do or where the problem is.
  @Test(arguments: [
    (MIDIFileError.badDivision(0, offset: 12), "byte 12"), (.badDivision(0xE700, offset: 12), "0xe700"),
    (.truncatedHeader(offset: 3), "byte 3"), (.noSequence(3, of: 1), "the file has one"),
    (.noSequence(3, of: 2), "the file has 2"), (.damaged(.badTempo, offset: 9), "at byte 9; without --strict"),
    (.unwritable("why"), "why"),
  ])
  func messages(error: MIDIFileError, part: String) {
    #expect(error.description.contains(part))
    #expect(!error.description.contains("\n"))
  }
}
