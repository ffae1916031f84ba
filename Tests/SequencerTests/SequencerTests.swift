import Testing

/// Tests against the kernel's sequencer and programs that we did not write.
@Suite(.serialized, .enabled(if: hasSequencer, "there is no /dev/snd/seq here"))
struct SequencerTests {}
