#!/usr/bin/env python3
"""Transposes a piece: decodes its tokens, and writes the transposed notes.

Usage: transpose.py SONG.mid SEMITONES RESULT.mid
"""

import sys

import aurl

song, semitones, result = sys.argv[1], int(sys.argv[2]), sys.argv[3]
tokens = aurl.encode(aurl.read_midi(song))
decoded = aurl.decode(tokens)
for note in decoded.notes:
    note.pitch += semitones
notes = [note for note in decoded.notes if 0 <= note.pitch < 128]
aurl.write_midi(result, notes, decoded.duration)
print(f"{song}: {len(tokens)} tokens, {len(notes)} of {len(decoded.notes)} notes in {result}")
