import Testing

/// Tests against the kernel's sequencer and third-party programs.
@Suite(.serialized, .enabled(if: hasSequencer, "there is no /dev/snd/seq here"))
struct SequencerTests {}
