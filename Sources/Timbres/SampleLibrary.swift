internal import SoundFonts

/// The samples of a bank. Each is rendered once, even if several patches use it.
struct SampleLibrary {
  private(set) var samples: [Sample] = []
  private var recordings: [String: (index: Int, recording: Recording)] = [:]

  /// Renders `timbres` at all their root keys, on all cores.
  init(timbres: [Timbre]) async {
    var jobs: [(timbre: Timbre, key: Int)] = []
    var known: [String: [Int]] = [:]
    for timbre in timbres {
      if let roots = known.updateValue(timbre.roots, forKey: timbre.name) {
        precondition(roots == timbre.roots, "two timbres are called \(timbre.name)")
      } else {
        jobs += timbre.roots.map { (timbre, $0) }
      }
    }
    let made = await withTaskGroup(of: (Int, Recording).self) { group in
      for (index, job) in jobs.enumerated() { group.addTask { (index, job.timbre.record(job.key)) } }
      return await group.reduce(into: [Int: Recording]()) { $0[$1.0] = $1.1 }
    }
    for (index, job) in jobs.enumerated() {
      guard let recording = made[index] else { continue }
      let name = "\(job.timbre.name) \(job.key)"
      recordings[name] = (index, recording)
      samples.append(Sample(name: name, recording: recording))
    }
  }

  /// The zones of the samples of a layer.
  func zones(for layer: Patch.Layer) -> [Zone] {
    layer.timbre.roots.enumerated().compactMap { position, key in
      recordings["\(layer.timbre.name) \(key)"].map { index, recording in
        Zone(
          target: index,
          keys: layer.timbre.keys(ofRoot: position),
          velocities: layer.velocities,
          generators: layer.voice.generators(for: recording),
          modulators: layer.voice.modulators
        )
      }
    }
  }

  /// The zone of a key of the drum kit, which keeps sounding after its release.
  func zone(for stroke: Stroke) -> Zone? {
    guard let root = stroke.timbre.roots.first,
      let (index, recording) = recordings["\(stroke.timbre.name) \(root)"]
    else { return nil }
    var voice = Voice(decay: stroke.decay, undampedFrom: 0, transposition: stroke.pitch, level: stroke.level)
    voice.sustain = 100
    voice.pan = { _ in stroke.pan }
    voice.filter = Voice.Filter(cutoff: 16_000, softness: 2)
    if stroke.decay == nil, recording.loop == nil { voice.release = 10 }
    var generators = voice.generators(for: recording)
    generators[.scaleTuning] = 0
    generators[.exclusiveClass] = stroke.exclusiveClass
    return Zone(
      target: index,
      keys: stroke.key...stroke.key,
      generators: generators,
      modulators: voice.modulators
    )
  }
}

extension Sample {
  /// Rounds a recording to 16 bits.
  init(name: String, recording: Recording) {
    self.init(
      name: name,
      frames: recording.frames.map { Int16(($0 * 32_767).rounded()) },
      rate: recording.rate,
      loop: recording.loop,
      rootKey: UInt8(recording.key)
    )
  }
}
