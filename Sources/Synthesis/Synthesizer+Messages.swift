internal import CFluidSynth
public import MusicCore
internal import Synchronization

extension Synthesizer {
  /// Sends a message to a channel of a port; ports that are not configured are ignored.
  public func send(_ message: ChannelMessage, port: Int = 0) {
    guard port < configuration.ports else { return }
    let channel = 16 * port + Int(message.channel.rawValue)
    let number = Int32(channel)
    switch message.kind {
    case .noteOn(let pitch, let velocity):
      instrument.withLock { $0.parts[channel].keysDown.insert(Int(pitch.rawValue)) }
      _ = library.noteOn(handle, number, Int32(pitch.rawValue), Int32(velocity.rawValue))
    case .noteOff(let pitch, _):
      instrument.withLock { $0.parts[channel].keysDown.remove(Int(pitch.rawValue)) }
      _ = library.noteOff(handle, number, Int32(pitch.rawValue))
    case .control(let control):
      send(control, channel, rhythm: { $0.apply(control, channel: message.channel, port: UInt8(port)) })
    }
  }

  private func send(
    _ control: ControlEvent.Message, _ channel: Int, rhythm apply: (inout RhythmParts) -> [RhythmParts.Part]
  ) {
    let number = Int32(channel)
    instrument.withLock { instrument in
      let changed = apply(&instrument.rhythm)
      switch control {
      case .controller(let controller, let value):
        send(controller, value, to: channel, &instrument.parts[channel])
      case .program(let program):
        instrument.parts[channel].program = program
        if !changed.isEmpty || configuration.bankSelection == .xg { setKind(of: channel, instrument) }
        _ = library.programChange(handle, number, Int32(program.rawValue))
      case .pitchBend(let bend):
        instrument.parts[channel].bend = bend
        _ = library.pitchBend(handle, number, instrument.parts[channel].bendRange.scaled(bend))
      case .channelPressure(let value):
        _ = library.channelPressure(handle, number, Int32(value))
      case .keyPressure(let pitch, let value):
        _ = library.keyPressure(handle, number, Int32(pitch.rawValue), Int32(value))
      }
    }
  }

  private func send(_ controller: Controller, _ value: UInt8, to channel: Int, _ part: inout Instrument.Part) {
    let number = Int32(channel)
    func send(_ controller: Controller, _ value: UInt8) {
      _ = library.controlChange(handle, number, Int32(controller.rawValue), Int32(value))
    }
    switch controller {
    case .bankSelect where configuration.bankSelection == .xg && value == 121:
      // GM2's bank for melody, which FluidSynth takes for drums in XG mode.
      send(controller, 0)
    case .sustain:
      part.isSustaining = value >= 64
      if !part.isSustaining, part.isSostenutoUpPending {
        send(.sostenuto, 0)
        part.isSostenutoUpPending = false
      }
      send(controller, value)
    case .sostenuto where value >= 64:
      // FluidSynth would hold all keys down now, but a pedal that is already down holds no further ones.
      guard !part.isSostenutoDown else { return }
      (part.isSostenutoDown, part.isSostenutoUpPending) = (true, false)
      send(controller, value)
    case .sostenuto:
      // FluidSynth would end notes that the sustain pedal still holds.
      part.isSostenutoUpPending = part.isSustaining && (part.isSostenutoDown || part.isSostenutoUpPending)
      part.isSostenutoDown = false
      if !part.isSostenutoUpPending { send(controller, value) }
    case .resetAll:
      // FluidSynth resets the pedals without releasing the notes that they hold.
      send(.sustain, 0)
      send(.sostenuto, 0)
      (part.isSustaining, part.isSostenutoDown, part.isSostenutoUpPending) = (false, false, false)
      part.bend = 0
      part.parameter = 0x3FFF
      send(controller, value)
    case .allSoundOff:
      part.keysDown = PitchSet()
      send(controller, value)
    case _ where controller.releasesKeys:
      // FluidSynth would switch to monophonic playing, but only on its first channel; and its "all notes off"
      // lets the sostenuto pedal hold the notes of the sustain pedal.
      while let pitch = part.keysDown.popFirst() { _ = library.noteOff(handle, number, Int32(pitch)) }
    default:
      send(controller, value)
      if part.takesParameter(controller, value) { setBendRange(of: number, part) }
    }
  }

  private func setBendRange(of channel: Int32, _ part: Instrument.Part) {
    _ = library.pitchBendRange(handle, channel, Int32(part.bendRange.whole))
    _ = library.pitchBend(handle, channel, part.bendRange.scaled(part.bend))
  }

  // MARK: Drums

  /// Switches a channel to drums or melody, keeping its program.
  private func setKind(of channel: Int, _ instrument: borrowing Instrument) {
    let isRhythm = instrument.rhythm.contains(Channel(status: UInt8(channel & 15)), port: UInt8(channel >> 4))
    let kind = isRhythm ? CHANNEL_TYPE_DRUM : CHANNEL_TYPE_MELODIC
    _ = library.setChannelType(handle, Int32(channel), Int32(kind.rawValue))
    // Otherwise the bank of the drums would stay.
    let bank = configuration.bankSelection == .xg ? instrument.parts[channel].bankLSB : 0
    if !isRhythm { _ = library.bankSelect(handle, Int32(channel), Int32(bank)) }
  }

  /// Sends a system exclusive message, without F0 and F7, to the instrument at a port. Resets and the master volume
  /// apply to all ports.
  public func send(systemExclusive bytes: [UInt8], port: Int = 0) {
    let meanings = DeviceMessage.meanings(of: bytes)
    guard meanings.isEmpty else { return meanings.forEach { send($0, port: port) } }
    bytes.withUnsafeBytes { bytes in
      _ = library.systemExclusive(
        handle, bytes.bindMemory(to: CChar.self).baseAddress, Int32(clamping: bytes.count), nil, nil, nil, 0)
    }
  }

  private func send(_ message: DeviceMessage, port: Int) {
    switch message {
    case .reset:
      reset()
      instrument.withLock { _ = $0.rhythm.apply(message) }
    case .masterVolume(let volume):
      // 40 log₁₀ in decibels, the curve of General MIDI for controller 7.
      library.setGain(handle, configuration.gain * Float(volume) * Float(volume))
    case .rhythmPart:
      instrument.withLock { instrument in
        for part in instrument.rhythm.apply(message, port: UInt8(clamping: port)) where port < configuration.ports {
          let channel = 16 * port + Int(part.channel.rawValue)
          setKind(of: channel, instrument)
          _ = library.programChange(handle, Int32(channel), Int32(instrument.parts[channel].program.rawValue))
        }
      }
    }
  }
}

extension Instrument.Part {
  /// Updates the state for a controller that selects or sets a parameter or a bank.
  ///
  /// - Returns: whether FluidSynth must be told a new pitch bend range.
  fileprivate mutating func takesParameter(_ controller: Controller, _ value: UInt8) -> Bool {
    switch controller.rawValue {
    case 32: bankLSB = value
    case 98, 99: parameter = 0x3FFF
    case 100: parameter = parameter & 0x3F80 | Int(value)
    case 101: parameter = parameter & 0x7F | Int(value) << 7
    case 6 where parameter == 0:
      bendRange.semitones = value
      return bendRange.cents > 0
    case 38 where parameter == 0:
      let isFractional = bendRange.cents > 0 || value > 0
      bendRange.cents = value
      return isFractional
    default: break
    }
    return false
  }
}
