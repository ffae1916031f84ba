internal import Datasets
internal import Glibc
internal import Layers
internal import Tensors
internal import VAEGAN

// How the parts of training are created from the settings.

extension Settings.Run {
  /// Configures libtorch for the whole process and returns the device.
  func prepare(for processes: ProcessGroup = ProcessGroup()) throws -> Device {
    // Each process of a machine uses its own GPU and its share of the CPU cores.
    let isOneOfSeveral = device == "cuda" && processes.count > 1
    guard let device = Device(isOneOfSeveral ? "cuda:\(processes.localRank)" : device) else {
      throw SettingsError(source: .defaults, message: "run.device: there is no device \(device)")
    }
    try device.prepare()
    try Runtime.setThreadCount(threadCount(of: processes))
    try Runtime.setFastProducts(precision == .bfloat16)
    return device
  }

  /// The number of threads of this process: that of the settings, or its share of the CPU cores.
  func threadCount(of processes: ProcessGroup = ProcessGroup()) -> Int {
    threads ?? max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) / processes.localCount)
  }
}

extension Precision {
  init(_ settings: Settings.Run) { self = settings.precision == .bfloat16 ? .mixed : .single }
}

extension AdamW.Settings {
  init(_ settings: Settings.Optimizer) {
    self.init(
      beta1: settings.beta1, beta2: settings.beta2, epsilon: settings.epsilon, weightDecay: settings.weightDecay,
      usesMuon: settings.matrices == .muon)
  }
}

extension LearningRate {
  init(_ settings: Settings) {
    self.init(
      peak: settings.optimizer.learningRate, finalShare: settings.optimizer.finalShare,
      warmUpSteps: settings.optimizer.warmUpSteps, steps: settings.length.steps)
  }
}

extension FreeBits {
  init(_ settings: Settings.KL) {
    self.init(
      perDimension: Array(repeating: settings.freeBits, count: 3),
      perLevel: [settings.freeBitsGlobal, settings.freeBitsPhrase, settings.freeBitsLocal])
  }
}

extension Augmentation {
  init(_ settings: Settings.Music) {
    self =
      settings.isAugmented
      ? Augmentation(
        semitones: settings.transpositions, tempo: settings.tempo,
        levels: settings.velocityLevels)
      : .none
  }
}
