// swift-tools-version: 6.2

import PackageDescription

// Built by `make fuzz` (fuzz.mk): no program of its own, because libFuzzer brings the main function.
let package = Package(
  name: "fuzz",
  dependencies: [.package(name: "aurl", path: "..")],
  targets: [
    .target(
      name: "fuzz",
      dependencies: [
        .product(name: "MIDIFiles", package: "aurl"),
        .product(name: "ModelFormat", package: "aurl"),
        .product(name: "MusicCore", package: "aurl"),
        .product(name: "MusicTokens", package: "aurl"),
        .product(name: "MusicXML", package: "aurl"),
        .product(name: "Transcription", package: "aurl"),
      ])
  ],
  swiftLanguageModes: [.v6]
)
