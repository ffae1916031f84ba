// swift-tools-version: 6.2

import PackageDescription

let package = Package(
  name: "benchmarks",
  dependencies: [.package(name: "aurl", path: "..")],
  targets: [
    .executableTarget(
      name: "measure",
      dependencies: [
        .product(name: "MIDIFiles", package: "aurl"),
        .product(name: "MusicAnalysis", package: "aurl"),
        .product(name: "MusicCore", package: "aurl"),
        .product(name: "MusicTokens", package: "aurl"),
      ]),
    .target(name: "CReading"),
    .executableTarget(
      name: "engine",
      dependencies: [
        "CReading",
        .product(name: "Inference", package: "aurl"),
        .product(name: "ModelFormat", package: "aurl"),
        .product(name: "MusicFeatures", package: "aurl"),
      ]),
    .executableTarget(name: "ports-reference", linkerSettings: [.linkedLibrary("asound")]),
    .executableTarget(
      name: "ports-subject",
      dependencies: [
        .product(name: "MIDIPorts", package: "aurl"),
        .product(name: "MusicCore", package: "aurl"),
        .product(name: "Playing", package: "aurl"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
