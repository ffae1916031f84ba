// swift-tools-version: 6.1

import PackageDescription

// `make` sets AURL_STRICT; a package that depends on this one must not be refused for unsafe flags.
let strict: [SwiftSetting] =
  Context.environment["AURL_STRICT"] == nil ? [] : [.unsafeFlags(["-warnings-as-errors"])]
let settings: [SwiftSetting] = strict + [.enableUpcomingFeature("InternalImportsByDefault")]

let package = Package(
  name: "aurl",
  products: [
    .executable(name: "aurl", targets: ["aurl"]),
    .library(name: "MusicCore", targets: ["MusicCore"]),
    .library(name: "MusicTokens", targets: ["MusicTokens"]),
    .library(name: "MIDIFiles", targets: ["MIDIFiles"]),
    .library(name: "MIDIPorts", targets: ["MIDIPorts"]),
    .library(name: "MusicAnalysis", targets: ["MusicAnalysis"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
  ],
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
    .target(name: "Timbres", dependencies: ["SoundFonts"], swiftSettings: settings),

    // The outside world
    .target(name: "Files", swiftSettings: settings),
    .target(name: "MIDIFiles", dependencies: ["CSMF", "Files", "MusicCore"], swiftSettings: settings),
    .target(name: "Audio", dependencies: ["CSndFile", "Files"], swiftSettings: settings),
    .target(name: "Synthesis", dependencies: ["Audio", "CFluidSynth", "MusicCore"], swiftSettings: settings),
    .target(name: "MIDIPorts", dependencies: ["CALSA", "Files", "MusicCore"], swiftSettings: settings),
    .target(name: "Notation", dependencies: ["MusicCore"], swiftSettings: settings),

    // Pages
    .target(
      name: "AnalysisReport", dependencies: ["MusicAnalysis", "MusicCore"], resources: [.embedInCode("Page")],
      swiftSettings: settings),

    // Programs
    .executableTarget(
      name: "aurl",
      dependencies: [
        "AnalysisReport", "Audio", "Files", "MIDIFiles", "MIDIPorts", "MusicAnalysis", "MusicCore", "MusicTokens",
        "Synthesis",
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
    .target(name: "TestSupport", dependencies: ["MusicCore"], path: "Tests/TestSupport", swiftSettings: settings),
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
      name: "TimbresTests", dependencies: ["CFluidSynth", "Files", "SoundFonts", "Timbres"],
      swiftSettings: settings, linkerSettings: [.linkedLibrary("fluidsynth")]),
    .testTarget(
      name: "AurlTests",
      dependencies: [
        "Audio", "CSndFile", "MIDIFiles", "MusicTokens", "Synthesis", "TestSupport", "aurl",
      ],
      swiftSettings: settings),
  ],
  swiftLanguageModes: [.v6]
)
