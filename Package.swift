// swift-tools-version: 6.2

import Foundation
import PackageDescription

// `make` sets AURL_STRICT; a package that depends on this one must not be refused for unsafe flags.
let strict: [SwiftSetting] =
  Context.environment["AURL_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]
// Where libtorch is: `make libtorch` brings one and `make` names it here. Without it, or where it is empty, the package
// has no training.
let libtorch = Context.environment["LIBTORCH"].flatMap { $0.isEmpty ? nil : Libtorch(folder: $0) }

// `make docs` sets AURL_DOCS; no other build needs the plugin.
let makesDocumentation = Context.environment["AURL_DOCS"] != nil

let package = Package(
  name: "aurl",
  products: [
    .executable(name: "aurl", targets: ["aurl"]),
    .library(name: "MusicCore", targets: ["MusicCore"]),
    .library(name: "MusicTokens", targets: ["MusicTokens"]),
    .library(name: "MusicFeatures", targets: ["MusicFeatures"]),
    .library(name: "MusicAnalysis", targets: ["MusicAnalysis"]),
    .library(name: "Files", targets: ["Files"]),
    .library(name: "MIDIFiles", targets: ["MIDIFiles"]),
    .library(name: "MusicXML", targets: ["MusicXML"]),
    .library(name: "Transcription", targets: ["Transcription"]),
    .library(name: "Playing", targets: ["Playing"]),
    .library(name: "MIDIPorts", targets: ["MIDIPorts"]),
    .library(name: "Audio", targets: ["Audio"]),
    .library(name: "Synthesis", targets: ["Synthesis"]),
    .library(name: "Datasets", targets: ["Datasets"]),
    .library(name: "ModelFormat", targets: ["ModelFormat"]),
    .library(name: "Inference", targets: ["Inference"]),
    .library(name: "Generation", targets: ["Generation"]),
    .library(name: "Evaluation", targets: ["Evaluation"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2")
  ] + (libtorch == nil ? [] : [.package(url: "https://github.com/jpsim/Yams", from: "6.2.2")])
    + (makesDocumentation ? [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")] : []),
  targets: [
    // C libraries
    .systemLibrary(name: "CSMF", pkgConfig: "smf", providers: [.apt(["libsmf-dev"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CFluidSynth", providers: [.apt(["libfluidsynth-dev"])]),
    .systemLibrary(name: "CSndFile", providers: [.apt(["libsndfile1-dev"])]),
    // Left without pkgConfig: SwiftPM would warn of alsa's own flags on every build.
    .systemLibrary(name: "CALSA", providers: [.apt(["libasound2-dev"])]),

    // What programs and pages share
    .target(name: "Files"),
    .target(name: "Text"),
    .target(
      name: "Terminal",
      dependencies: ["Files", "Text", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .target(name: "Archives", dependencies: ["CZlib"]),
    .target(name: "Pages", resources: [.embedInCode("Page")]),
    .target(name: "Parallelism"),

    // Music as values
    .target(name: "MusicCore"),
    .target(name: "MusicTokens", dependencies: ["MusicCore", "Text"]),
    .target(name: "MusicFeatures", dependencies: ["MusicCore", "MusicTokens"]),
    .target(name: "CBeatWeights", exclude: ["beats.i8"]),
    .target(name: "MusicAnalysis", dependencies: ["CBeatWeights", "CKernels", "MusicCore", "MusicTokens"]),

    .target(name: "Alignment", dependencies: ["MusicAnalysis", "MusicCore"]),
    .target(name: "Transcription", dependencies: ["MusicAnalysis", "MusicCore", "MusicXML"]),

    // Soundfonts: the file format, and the sounds of the project's own
    .target(name: "SoundFonts"),
    .target(name: "Timbres", dependencies: ["MusicCore", "SoundFonts"]),

    // The outside world
    .target(name: "MIDIFiles", dependencies: ["Archives", "CSMF", "Files", "MusicCore"]),
    .target(name: "MusicXML", dependencies: ["Archives", "MusicCore", "Text"]),
    .target(name: "Audio", dependencies: ["CSndFile", "Files"]),
    .target(name: "Synthesis", dependencies: ["Audio", "CFluidSynth", "Files", "MusicCore", "Text"]),
    .target(name: "Playing", dependencies: ["MusicCore"]),
    .target(name: "MIDIPorts", dependencies: ["CALSA", "Files", "MusicCore", "Parallelism", "Playing"]),
    .target(name: "Notation", dependencies: ["MusicCore"]),

    // Models: their files, the datasets they learn from, the engine that plays them, and what measures them
    .target(name: "ModelFormat", dependencies: ["Files", "MusicCore", "MusicFeatures", "MusicTokens", "Text"]),
    .target(
      name: "Datasets", dependencies: ["Files", "MusicAnalysis", "MusicCore", "MusicFeatures", "MusicTokens", "Text"]),
    .target(name: "CKernels"),
    .target(name: "Inference", dependencies: ["CKernels", "ModelFormat", "MusicCore", "MusicFeatures"]),
    .target(
      name: "Generation",
      dependencies: [
        "Datasets", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicFeatures", "MusicTokens",
        "Parallelism",
      ]),
    .target(
      name: "Improvisation",
      dependencies: [
        "Generation", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicFeatures", "MusicTokens",
        "Parallelism",
      ]),
    .target(
      name: "Evaluation",
      dependencies: [
        "Datasets", "Generation", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicFeatures",
        "MusicTokens", "Parallelism",
      ]),

    // What commands do
    .target(
      name: "Takes",
      dependencies: [
        "Datasets", "Files", "Generation", "Inference", "MIDIFiles", "ModelFormat", "MusicCore", "MusicTokens",
        "Synthesis",
        "Text",
      ]),
    .target(
      name: "Recording", dependencies: ["Files", "MIDIFiles", "MIDIPorts", "MusicCore", "MusicTokens", "Playing"]),

    // Pages
    .target(
      name: "AnalysisReport", dependencies: ["Alignment", "MusicAnalysis", "MusicCore", "Pages", "Text"],
      resources: [.embedInCode("Page")]),
    .target(
      name: "EvaluationReport", dependencies: ["Evaluation", "MusicAnalysis", "MusicCore", "Pages", "Text"],
      resources: [.embedInCode("Page")]),

    // Programs
    .executableTarget(
      name: "aurl",
      dependencies: [
        "Alignment", "AnalysisReport", "Audio", "Datasets", "Evaluation", "EvaluationReport", "Files", "Generation",
        "Improvisation", "Inference", "MIDIFiles", "MIDIPorts", "ModelFormat", "MusicAnalysis", "MusicCore",
        "MusicFeatures", "MusicTokens", "MusicXML", "Parallelism", "Playing", "Recording", "Synthesis", "Takes",
        "Terminal", "Text", "Transcription",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // Programs for the developers of this package
    .executableTarget(
      name: "engrave", dependencies: ["Files", "MIDIFiles", "MusicCore", "Notation", "Terminal"], path: "Tools/engrave"),
    .executableTarget(
      name: "foundry", dependencies: ["Files", "SoundFonts", "Terminal", "Timbres"], path: "Tools/foundry"),
    .executableTarget(
      name: "accuracy", dependencies: ["Files", "MIDIFiles", "MusicAnalysis", "MusicCore", "Terminal", "Text"],
      path: "Tools/accuracy"),

    // Tests. Those that name a program run it.
    .target(name: "CAllocations", path: "Tests/CAllocations"),
    .target(name: "CPrograms", path: "Tests/CPrograms"),
    .target(
      name: "TestSupport", dependencies: ["Files", "ModelFormat", "MusicCore", "SoundFonts"], path: "Tests/TestSupport"),
    .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "TextTests", dependencies: ["Text"]),
    .testTarget(
      name: "TerminalTests",
      dependencies: ["Files", "Terminal", .product(name: "ArgumentParser", package: "swift-argument-parser")]),
    .testTarget(name: "PagesTests", dependencies: ["Pages"]),
    .testTarget(name: "ParallelismTests", dependencies: ["Parallelism"]),
    .testTarget(name: "MusicCoreTests", dependencies: ["MusicCore", "TestSupport"]),
    .testTarget(
      name: "MusicTokensTests", dependencies: ["MIDIFiles", "MusicCore", "MusicTokens", "TestSupport"]),
    .testTarget(
      name: "MusicFeaturesTests", dependencies: ["MusicCore", "MusicFeatures", "MusicTokens", "TestSupport"]),
    .testTarget(
      name: "MIDIFilesTests",
      dependencies: ["CSMF", "CZlib", "Files", "MIDIFiles", "MusicCore", "MusicTokens", "TestSupport"]),
    .testTarget(name: "AudioTests", dependencies: ["Audio", "CSndFile", "Files"]),
    .testTarget(
      name: "SynthesisTests",
      dependencies: [
        "CFluidSynth", "Files", "MIDIFiles", "MusicCore", "MusicTokens", "Synthesis", "TestSupport",
      ],
      linkerSettings: [.linkedLibrary("fluidsynth")]),
    .testTarget(name: "PlayingTests", dependencies: ["MusicCore", "Playing", "TestSupport"]),
    .testTarget(name: "MIDIPortsTests", dependencies: ["CALSA", "MIDIPorts", "MusicCore", "Playing"]),
    .testTarget(
      name: "SequencerTests",
      dependencies: [
        "CPrograms", "MIDIFiles", "MIDIPorts", "MusicCore", "MusicTokens", "Playing", "TestSupport", "aurl",
      ]),
    .testTarget(
      name: "AlignmentTests", dependencies: ["Alignment", "MIDIFiles", "MusicAnalysis", "MusicCore", "TestSupport"]),
    .testTarget(
      name: "MusicAnalysisTests",
      dependencies: ["AnalysisReport", "MIDIFiles", "MusicAnalysis", "MusicCore", "MusicTokens", "TestSupport"]),
    .testTarget(name: "ArchivesTests", dependencies: ["Archives", "CZlib"]),
    .testTarget(name: "MusicXMLTests", dependencies: ["MusicCore", "MusicXML", "TestSupport"]),
    .testTarget(
      name: "TranscriptionTests",
      dependencies: ["MIDIFiles", "MusicCore", "MusicXML", "TestSupport", "Transcription"]),
    .testTarget(name: "NotationTests", dependencies: ["Files", "MIDIFiles", "MusicCore", "Notation"]),
    .testTarget(name: "SoundFontsTests", dependencies: ["SoundFonts"]),
    .testTarget(
      name: "TimbresTests", dependencies: ["CFluidSynth", "Files", "SoundFonts", "Synthesis", "Timbres"],
      linkerSettings: [.linkedLibrary("fluidsynth")]),
    .testTarget(
      name: "AurlTests",
      dependencies: [
        "Audio", "CSndFile", "Datasets", "MIDIFiles", "ModelFormat", "MusicCore", "MusicFeatures", "MusicTokens",
        "Synthesis",
        "TestSupport", "aurl",
      ]),
    .testTarget(name: "ModelFormatTests", dependencies: ["Files", "ModelFormat", "TestSupport"]),
    .testTarget(
      name: "DatasetsTests", dependencies: ["Datasets", "MusicCore", "MusicFeatures", "MusicTokens", "TestSupport"]),
    .testTarget(
      name: "InferenceTests",
      dependencies: [
        "CAllocations", "CKernels", "Inference", "ModelFormat", "MusicCore", "MusicFeatures", "TestSupport",
      ],
      exclude: ["golden.json", "golden.py"]),
    .testTarget(
      name: "GenerationTests",
      dependencies: [
        "CAllocations", "Generation", "Inference", "ModelFormat", "MusicCore", "MusicFeatures", "MusicTokens",
        "TestSupport",
      ]),
    .testTarget(
      name: "TakesTests",
      dependencies: [
        "Files", "Generation", "Inference", "MIDIFiles", "ModelFormat", "MusicCore", "MusicTokens", "Takes",
        "TestSupport",
      ]),
    .testTarget(
      name: "RecordingTests",
      dependencies: ["Files", "MIDIFiles", "MIDIPorts", "MusicCore", "MusicTokens", "Recording", "TestSupport"]),
    .testTarget(
      name: "ImprovisationTests",
      dependencies: [
        "Generation", "Improvisation", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicFeatures",
        "MusicTokens", "TestSupport",
      ]),
    .testTarget(
      name: "EvaluationTests",
      dependencies: [
        "Evaluation", "Generation", "Inference", "ModelFormat", "MusicAnalysis", "MusicCore", "MusicFeatures",
        "MusicTokens", "TestSupport",
      ]),
  ] + (libtorch?.targets ?? []),
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)

for target in package.targets where target.type != .system {
  target.swiftSettings =
    strict
    + ["InternalImportsByDefault", "MemberImportVisibility", "ExistentialAny"].map { .enableUpcomingFeature($0) }
}

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
        linkerSettings: [.unsafeFlags(libraries + ["-Xlinker", "-rpath", "-Xlinker", libraryFolder] + neighbors)]),
      .target(name: "Tensors", dependencies: ["CTorch"]),
      .target(name: "Layers", dependencies: ["Tensors"]),
      .target(
        name: "VAEGAN", dependencies: ["Layers", "ModelFormat", "MusicCore", "MusicFeatures", "MusicTokens", "Tensors"]),
      .target(
        name: "Training",
        dependencies: [
          "Datasets", "Files", "Generation", "Inference", "Layers", "ModelFormat", "MusicCore",
          "MusicFeatures", "MusicTokens", "Pages", "Parallelism", "Tensors", "Text", "VAEGAN",
          .product(name: "Yams", package: "Yams"),
        ],
        resources: [.embedInCode("Report/Page")]),
      .executableTarget(
        name: "aurl-train",
        dependencies: [
          "Datasets", "Files", "Layers", "ModelFormat", "Tensors", "Terminal", "Text", "Training", "VAEGAN",
          .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
      .executableTarget(
        name: "parity",
        dependencies: [
          "Datasets", "Files", "Inference", "MIDIFiles", "ModelFormat", "MusicFeatures", "MusicTokens", "Tensors",
          "Training", "VAEGAN",
        ],
        path: "Tools/parity"),
      .target(
        name: "TensorTestSupport", dependencies: ["TestSupport", "Tensors"], path: "Tests/TensorTestSupport"),
      .testTarget(
        name: "TensorsTests", dependencies: ["CTorch", "TensorTestSupport", "TestSupport", "Tensors"]),
      .testTarget(
        name: "LayersTests", dependencies: ["Layers", "TensorTestSupport", "TestSupport", "Tensors"]),
      .testTarget(
        name: "VAEGANTests",
        dependencies: [
          "Layers", "MIDIFiles", "ModelFormat", "MusicCore", "MusicFeatures", "MusicTokens", "TestSupport", "Tensors",
          "VAEGAN",
        ]),
      .testTarget(
        name: "TrainingTests",
        dependencies: [
          "Datasets", "Files", "Generation", "Layers", "MIDIFiles", "ModelFormat", "MusicCore", "MusicFeatures",
          "MusicTokens", "TestSupport", "Tensors", "Training", "VAEGAN", "aurl-train",
        ]),
      .testTarget(
        name: "ParityTests",
        dependencies: [
          "Inference", "Layers", "ModelFormat", "MusicCore", "MusicFeatures", "TestSupport", "Tensors", "VAEGAN",
          "parity",
        ]),
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
  private var neighbors: [String] {
    let nvidia = folder + "/../nvidia/cu13/lib"
    guard FileManager.default.fileExists(atPath: nvidia) else { return [] }
    return ["-Xlinker", "-rpath", "-Xlinker", nvidia, "-Xlinker", "-rpath-link", "-Xlinker", nvidia]
  }
}
