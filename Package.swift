// swift-tools-version: 6.2

import Foundation
import PackageDescription

// `make` sets AURL_STRICT; a package that depends on this one must not be refused for unsafe flags.
let strict: [SwiftSetting] =
  Context.environment["AURL_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]
let settings: [SwiftSetting] = strict + [.enableUpcomingFeature("InternalImportsByDefault")]

// Where libtorch is: `make libtorch` brings one and `make` names it here. Without it the package has no training.
let libtorch = Context.environment["LIBTORCH"].map(Libtorch.init)

let package = Package(
  name: "aurl",
  products: [
    .executable(name: "aurl", targets: ["aurl"]),
    .library(name: "MusicCore", targets: ["MusicCore"]),
    .library(name: "MusicTokens", targets: ["MusicTokens"]),
    .library(name: "MIDIFiles", targets: ["MIDIFiles"]),
    .library(name: "MIDIPorts", targets: ["MIDIPorts"]),
    .library(name: "MusicAnalysis", targets: ["MusicAnalysis"]),
    .library(name: "ModelFormat", targets: ["ModelFormat"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "Generation", targets: ["Generation"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ] + (libtorch == nil ? [] : [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")]),
  targets: [
    // C libraries
    .systemLibrary(
      name: "CSMF", pkgConfig: "smf", providers: [.apt(["libsmf-dev"])]),
    .systemLibrary(name: "CFluidSynth", providers: [.apt(["libfluidsynth-dev"])]),
    .systemLibrary(name: "CSndFile", providers: [.apt(["libsndfile1-dev"])]),
    // Left without pkgConfig: SwiftPM would warn of alsa's own flags on every build.
    .systemLibrary(name: "CALSA", providers: [.apt(["libasound2-dev"])]),

    // Music as values
    .target(name: "MusicCore", swiftSettings: settings),
    .target(name: "MusicTokens", dependencies: ["MusicCore"], swiftSettings: settings),
    .target(name: "MusicAnalysis", dependencies: ["MusicCore", "MusicTokens"], swiftSettings: settings),

    // Soundfonts: the file format, and the sounds of the project's own
    .target(name: "SoundFonts", swiftSettings: settings),
    .target(name: "Timbres", dependencies: ["MusicCore", "SoundFonts"], swiftSettings: settings),

    // The outside world
    .target(name: "Files", swiftSettings: settings),
    .target(name: "MIDIFiles", dependencies: ["CSMF", "Files", "MusicCore"], swiftSettings: settings),
    .target(name: "Audio", dependencies: ["CSndFile", "Files"], swiftSettings: settings),
    .target(name: "Synthesis", dependencies: ["Audio", "CFluidSynth", "MusicCore"], swiftSettings: settings),
    .target(name: "MIDIPorts", dependencies: ["CALSA", "Files", "MusicCore"], swiftSettings: settings),
    .target(name: "Notation", dependencies: ["MusicCore"], swiftSettings: settings),

    // Models: their files, the datasets they learn from, the engine that plays them, and what measures them
    .target(name: "ModelFormat", dependencies: ["Files", "MusicTokens"], swiftSettings: settings),
    .target(name: "Datasets", dependencies: ["Files", "MusicCore", "MusicTokens"], swiftSettings: settings),
    .target(name: "CKernels"),
    .target(
      name: "Inference", dependencies: ["CKernels", "ModelFormat", "MusicCore", "MusicTokens"],
      swiftSettings: settings),
    .target(
      name: "Generation", dependencies: ["Datasets", "Inference", "ModelFormat", "MusicCore", "MusicTokens"],
      swiftSettings: settings),
    .target(
      name: "Evaluation", dependencies: ["Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicTokens"],
      swiftSettings: settings),

    // Pages
    .target(
      name: "AnalysisReport", dependencies: ["MusicAnalysis", "MusicCore"], resources: [.embedInCode("Page")],
      swiftSettings: settings),

    // Programs
    .executableTarget(
      name: "aurl",
      dependencies: [
        "AnalysisReport", "Audio", "Datasets", "Evaluation", "Files", "Generation", "Inference", "MIDIFiles",
        "MIDIPorts", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicTokens", "Synthesis",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Logging", package: "swift-log"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "engrave",
      dependencies: ["Files", "MIDIFiles", "MusicCore", "Notation"],
      swiftSettings: settings),
    .executableTarget(
      name: "foundry", dependencies: ["Files", "SoundFonts", "Timbres"], swiftSettings: settings),
    .executableTarget(
      name: "accuracy", dependencies: ["MIDIFiles", "MusicAnalysis", "MusicCore"], swiftSettings: settings),

    // Tests
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .target(
      name: "TestSupport", dependencies: ["Files", "ModelFormat", "MusicCore"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(name: "FilesTests", dependencies: ["Files"], swiftSettings: settings),
    .testTarget(name: "MusicCoreTests", dependencies: ["MusicCore", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "MusicTokensTests", dependencies: ["MIDIFiles", "MusicTokens", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "MIDIFilesTests", dependencies: ["CSMF", "Files", "MIDIFiles", "MusicTokens", "TestSupport"],
      swiftSettings: settings),
    .testTarget(name: "AudioTests", dependencies: ["Audio", "CSndFile"], swiftSettings: settings),
    .testTarget(
      name: "SynthesisTests", dependencies: ["CFluidSynth", "MIDIFiles", "MusicCore", "Synthesis"],
      swiftSettings: settings, linkerSettings: [.linkedLibrary("fluidsynth")]),
    .testTarget(name: "MIDIPortsTests", dependencies: ["MIDIPorts", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "SequencerTests", dependencies: ["MIDIFiles", "MIDIPorts", "MusicTokens", "TestSupport", "aurl"],
      swiftSettings: settings),
    .testTarget(
      name: "MusicAnalysisTests",
      dependencies: ["MIDIFiles", "MusicAnalysis", "MusicCore", "MusicTokens", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "NotationTests", dependencies: ["Files", "MIDIFiles", "MusicCore", "Notation"], swiftSettings: settings),
    .testTarget(name: "SoundFontsTests", dependencies: ["SoundFonts"], swiftSettings: settings),
    .testTarget(
      name: "TimbresTests", dependencies: ["CFluidSynth", "Files", "SoundFonts", "Synthesis", "Timbres"],
      swiftSettings: settings, linkerSettings: [.linkedLibrary("fluidsynth")]),
    .testTarget(
      name: "AurlTests",
      dependencies: [
        "Audio", "CSndFile", "Datasets", "MIDIFiles", "ModelFormat", "MusicTokens", "Synthesis", "TestSupport", "aurl",
      ],
      swiftSettings: settings),
    .testTarget(
      name: "ModelFormatTests", dependencies: ["Files", "ModelFormat", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "Files", "MusicTokens", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "InferenceTests", dependencies: ["CAllocations", "CKernels", "Inference", "ModelFormat", "TestSupport"],
      exclude: ["golden.json", "golden.py"], swiftSettings: settings),
    .testTarget(
      name: "GenerationTests",
      dependencies: ["CAllocations", "Generation", "Inference", "ModelFormat", "MusicTokens", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Evaluation", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicTokens", "TestSupport",
      ], swiftSettings: settings),
  ] + (libtorch?.targets ?? []),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

/// A libtorch on this machine, and the targets that need it: only CTorch sees its paths.
struct Libtorch {
  let folder: String

  var targets: [Target] {
    [
      .target(
        name: "CTorch",
        cxxSettings: [
          .headerSearchPath("declarations"), .unsafeFlags(headerFolders.flatMap { ["-isystem", $0] }),
        ],
        linkerSettings: [.unsafeFlags(libraries + ["-Xlinker", "-rpath", "-Xlinker", libraryFolder] + neighbours)]),
      .target(name: "Tensors", dependencies: ["CTorch"], swiftSettings: settings),
      .target(name: "Layers", dependencies: ["Tensors"], swiftSettings: settings),
      .target(name: "VAEGAN", dependencies: ["Layers", "ModelFormat", "Tensors"], swiftSettings: settings),
      .target(
        name: "Training",
        dependencies: [
          "Datasets", "Files", "Layers", "ModelFormat", "MusicTokens", "Tensors", "VAEGAN",
          .product(name: "Yams", package: "Yams"),
        ],
        resources: [.embedInCode("Report/Page")],
        swiftSettings: settings),
      .executableTarget(
        name: "aurl-train",
        dependencies: [
          "Datasets", "Files", "ModelFormat", "Tensors", "Training", "VAEGAN",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ],
        swiftSettings: settings),
      .executableTarget(
        name: "parity",
        dependencies: [
          "Datasets", "Inference", "MIDIFiles", "ModelFormat", "MusicTokens", "Tensors", "Training", "VAEGAN",
        ],
        swiftSettings: settings),
      .target(
        name: "TensorTestSupport", dependencies: ["TestSupport", "Tensors"], path: "Tests/TensorTestSupport",
        swiftSettings: settings),
      .testTarget(
        name: "TensorsTests", dependencies: ["CTorch", "TensorTestSupport", "TestSupport", "Tensors"],
        swiftSettings: settings),
      .testTarget(
        name: "LayersTests", dependencies: ["Layers", "TensorTestSupport", "TestSupport", "Tensors"],
        swiftSettings: settings),
      .testTarget(
        name: "VAEGANTests", dependencies: ["Layers", "ModelFormat", "TestSupport", "Tensors", "VAEGAN"],
        swiftSettings: settings),
      .testTarget(
        name: "TrainingTests",
        dependencies: [
          "Datasets", "Files", "Layers", "MIDIFiles", "ModelFormat", "MusicTokens", "TestSupport", "Tensors",
          "Training", "VAEGAN", "aurl-train",
        ],
        swiftSettings: settings),
      .testTarget(
        name: "ParityTests",
        dependencies: ["Inference", "ModelFormat", "TestSupport", "Tensors", "VAEGAN", "parity"],
        swiftSettings: settings),
    ]
  }

  private var headerFolders: [String] {
    let include = folder + "/include"
    return [include, include + "/torch/csrc/api/include"]
  }

  /// PyPI's wheel and PyTorch's own archive have `lib`, Debian a folder of the architecture.
  private var libraryFolder: String {
    let candidates = ["/lib", "/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu"].map { folder + $0 }
    return candidates.first { FileManager.default.fileExists(atPath: $0 + "/libtorch_cpu.so") } ?? candidates[0]
  }

  /// As whole paths: with `-l` another libtorch of the system may be found first.
  private var libraries: [String] {
    ["libtorch_cpu.so", "libc10.so"].map { libraryFolder + "/" + $0 }
  }

  /// The folders of the CUDA libraries that the wheel's CPU part needs, unpacked beside it.
  private var neighbours: [String] {
    let nvidia = folder + "/../nvidia/cu13/lib"
    guard FileManager.default.fileExists(atPath: nvidia) else { return [] }
    return ["-Xlinker", "-rpath", "-Xlinker", nvidia, "-Xlinker", "-rpath-link", "-Xlinker", nvidia]
  }
}
