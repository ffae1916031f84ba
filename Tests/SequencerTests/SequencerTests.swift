import Testing

/// Tests against the kernel's sequencer and third-party programs.
@Suite(.serialized, .enabled(if: hasSequencer, "needs /dev/snd/seq"))
struct SequencerTests {}
