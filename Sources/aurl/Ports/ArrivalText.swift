import MIDIPorts
import MusicCore
import Text

extension Arrival {
  /// The arrival as a line of text without a line break; nil if there is nothing to print.
  var line: String? {
    switch self {
    case .message(let message, let source, let time):
      "\(time.text(decimals: 6).leftPadded(to: 12))  \(source.description.leftPadded(to: 6))  \(message.text)"
    case .change(let change, _): change.text.map { "# \($0)" }
    case .lost(let events): "# \(events.counted("event")) lost: the input was full"
    case .time: nil
    }
  }
}

extension PortChange {
  var text: String? {
    switch self {
    case .connected(let from, let to): "\(from) is connected to \(to)"
    case .disconnected(let from, let to): "\(from) is disconnected from \(to)"
    default: nil
    }
  }
}

extension MIDIMessage {
  fileprivate var text: String {
    switch self {
    case .channel(let message): "ch \("\(message.channel.number)".leftPadded(to: 2))  \(message.kind.text)"
    case .systemExclusive(let bytes):
      "system exclusive  F0 \(bytes.map { $0.hexadecimal + " " }.joined())F7"
    case .system(let message): message.text
    }
  }
}

extension ChannelMessage.Kind {
  fileprivate var text: String {
    switch self {
    case .noteOn(let pitch, let velocity):
      "note on   \(pitch.text)  velocity \(velocity.rawValue)"
    case .noteOff(let pitch, let velocity):
      "note off  \(pitch.text)  velocity \(velocity.rawValue)"
    case .control(.controller(let controller, let value)): "controller \(controller.rawValue)  value \(value)"
    case .control(.program(let program)): "program \(program.rawValue)"
    case .control(.pitchBend(let value)): "pitch bend \(value)"
    case .control(.channelPressure(let value)): "channel pressure \(value)"
    case .control(.keyPressure(let pitch, let value)): "key pressure  \(pitch.text)  value \(value)"
    }
  }
}

extension MIDIMessage.System {
  fileprivate var text: String {
    switch self {
    case .clock: "clock"
    case .start: "start"
    case .continue: "continue"
    case .stop: "stop"
    case .activeSensing: "active sensing"
    case .reset: "reset"
    case .tuneRequest: "tune request"
    case .songPosition(let beats): "song position \(beats)"
    case .songSelect(let song): "song select \(song)"
    case .timecodeQuarterFrame(let value): "timecode quarter frame \(value)"
    }
  }
}

extension Pitch {
  fileprivate var text: String { "\("\(rawValue)".leftPadded(to: 3)) \(description.padded(to: 4))" }
}

extension UInt8 {
  fileprivate var hexadecimal: String {
    (self < 16 ? "0" : "") + String(self, radix: 16, uppercase: true)
  }
}
