import MIDIFiles
import MusicCore
func loadScore(_ path: String) throws -> Score { try MIDIFile(path: path).score }
