internal import MusicCore

/// The names of the sounds of General MIDI (General MIDI System Level 1, table 2), in order.
enum Instruments {
  static func program(_ name: String) -> Program? {
    names.firstIndex { $0 == name }.flatMap { Program(rawValue: UInt8($0)) }
  }

  private static let names = """
    piano bright-piano electric-grand honky-tonk-piano electric-piano-1 electric-piano-2 harpsichord clavinet \
    celesta glockenspiel music-box vibraphone marimba xylophone tubular-bells dulcimer \
    drawbar-organ percussive-organ rock-organ church-organ reed-organ accordion harmonica bandoneon \
    nylon-guitar steel-guitar jazz-guitar clean-guitar muted-guitar overdriven-guitar distortion-guitar \
    guitar-harmonics \
    acoustic-bass fingered-bass picked-bass fretless-bass slap-bass-1 slap-bass-2 synth-bass-1 synth-bass-2 \
    violin viola cello contrabass tremolo-strings pizzicato-strings harp timpani \
    strings slow-strings synth-strings-1 synth-strings-2 choir voice-oohs synth-voice orchestra-hit \
    trumpet trombone tuba muted-trumpet horn brass synth-brass-1 synth-brass-2 \
    soprano-sax alto-sax tenor-sax baritone-sax oboe english-horn bassoon clarinet \
    piccolo flute recorder pan-flute bottle shakuhachi whistle ocarina \
    square-lead saw-lead calliope-lead chiff-lead charang-lead voice-lead fifths-lead bass-lead \
    new-age-pad warm-pad polysynth-pad choir-pad bowed-pad metallic-pad halo-pad sweep-pad \
    rain soundtrack crystal atmosphere brightness goblins echoes sci-fi \
    sitar banjo shamisen koto kalimba bagpipe fiddle shanai \
    tinkle-bell agogo steel-drums woodblock taiko melodic-tom synth-drum reverse-cymbal \
    fret-noise breath-noise seashore bird-tweet telephone helicopter applause gunshot
    """.split(separator: " ").map(String.init)
}
