public import MusicCore

/// The notes and pedals that sound at a receiver after the messages sent to it, and the messages that end them.
public struct SoundingNotes: Sendable {
  /// How many times each pitch of each channel was struck and not yet released: some synthesizers count them.
  private var strikes = [UInt8](repeating: 0, count: 16 * 128)
  private var keysDown = 0
  /// One bit per channel.
  private var sustained: UInt16 = 0
  private var sostenuto: UInt16 = 0
  private var used: UInt16 = 0
  /// Channels on which pitch bend, modulation or expression differ from their defaults.
  private var bent: UInt16 = 0
  private var modulated: UInt16 = 0
  private var muffled: UInt16 = 0

  /// Silence.
  public init() {}

  /// Records a message that the receiver gets.
  public mutating func apply(_ message: MIDIMessage) {
    switch message {
    case .channel(let message): apply(message)
    case .system(.reset): reset()
    case .systemExclusive(let bytes) where DeviceMessage.isReset(bytes): reset()
    default: break
    }
  }

  private mutating func reset() {
    let used = used
    self = SoundingNotes()
    self.used = used
  }

  private mutating func apply(_ message: ChannelMessage) {
    switch message.kind {
    case .noteOn(let pitch, _): strike(pitch, on: message.channel)
    case .noteOff(let pitch, _): release(pitch, on: message.channel)
    case .control(.controller(let controller, let value)): apply(controller, value, on: message.channel)
    case .control(.pitchBend(let bend)): Self.set(&bent, message.channel, bend != 0)
    case .control: break
    }
  }

  private mutating func strike(_ pitch: Pitch, on channel: Channel) {
    used |= Self.bit(channel)
    let index = Self.index(pitch, channel)
    guard strikes[index] < .max else { return }
    strikes[index] += 1
    keysDown += 1
  }

  private mutating func release(_ pitch: Pitch, on channel: Channel) {
    let index = Self.index(pitch, channel)
    guard strikes[index] > 0 else { return }
    strikes[index] -= 1
    keysDown -= 1
  }

  private mutating func apply(_ controller: Controller, _ value: UInt8, on channel: Channel) {
    let bit = Self.bit(channel)
    switch controller {
    case .sustain:
      used |= bit
      Self.set(&sustained, channel, value >= 64)
    case .sostenuto:
      used |= bit
      Self.set(&sostenuto, channel, value >= 64)
    case .modulation: Self.set(&modulated, channel, value > 0)
    case .expression: Self.set(&muffled, channel, value < 127)
    case .resetAll:
      for bits in [\Self.sustained, \.sostenuto, \.bent, \.modulated, \.muffled] { self[keyPath: bits] &= ~bit }
    case _ where controller == .allSoundOff || controller.releasesKeys:
      for pitch in 0..<128 {
        let index = Self.index(Pitch(masking: UInt8(pitch)), channel)
        keysDown -= Int(strikes[index])
        strikes[index] = 0
      }
    default: break
    }
  }

  /// The number of strikes that were not released.
  public var count: Int { keysDown }

  /// Whether a key is down.
  public var hasKeysDown: Bool { keysDown > 0 }

  /// Whether no key and no pedal is down.
  public var isEmpty: Bool { keysDown == 0 && sustained == 0 && sostenuto == 0 }

  /// The messages that release every key and pedal, and let the sound decay.
  public func releasing() -> [MIDIMessage] {
    var messages: [MIDIMessage] = []
    if hasKeysDown {
      for (index, count) in strikes.enumerated() where count > 0 {
        let off = MIDIMessage.noteOff(
          Channel(status: UInt8(index / 128)), Pitch(masking: UInt8(index % 128)), Velocity(masking: 64))
        messages += repeatElement(off, count: Int(count))
      }
    }
    for channel in Self.channels(of: sustained) {
      messages.append(.control(channel, .controller(.sustain, 0)))
    }
    for channel in Self.channels(of: sostenuto) {
      messages.append(.control(channel, .controller(.sostenuto, 0)))
    }
    return messages
  }

  /// The messages that reset pitch bend, modulation and expression to their defaults.
  public func restoring() -> [MIDIMessage] {
    Self.channels(of: bent).map { .control($0, .pitchBend(0)) }
      + Self.channels(of: modulated).map { .control($0, .controller(.modulation, 0)) }
      + Self.channels(of: muffled).map { .control($0, .controller(.expression, 127)) }
  }

  /// The messages that end every sound at once: `releasing()`, then sustain off, all notes off and all sound
  /// off on each channel that had notes or pedals.
  public func silencing() -> [MIDIMessage] {
    releasing()
      + Self.channels(of: used).flatMap { channel in
        [Controller.sustain, .allNotesOff, .allSoundOff].map {
          MIDIMessage.control(channel, .controller($0, 0))
        }
      }
  }

  private static func index(_ pitch: Pitch, _ channel: Channel) -> Int {
    Int(channel.rawValue) * 128 + Int(pitch.rawValue)
  }

  private static func bit(_ channel: Channel) -> UInt16 { 1 << UInt16(channel.rawValue) }

  private static func set(_ bits: inout UInt16, _ channel: Channel, _ isSet: Bool) {
    bits = isSet ? bits | bit(channel) : bits & ~bit(channel)
  }

  private static func channels(of bits: UInt16) -> [Channel] {
    (0..<16).map { Channel(status: $0) }.filter { bits & bit($0) != 0 }
  }
}
