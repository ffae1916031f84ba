"""The token stream, datasets and model of Aurl.

    import aurl

    tokens = aurl.encode(aurl.read_midi("song.mid"))    # NumPy uint16, the tokens of `aurl encode`
    notes = aurl.decode(tokens).notes                   # in ticks of 1/64 s
    aurl.write_midi("again.mid", notes)

`aurl.model` contains the network in PyTorch and requires `torch`; everything else requires only NumPy.
"""

from .datasets import Dataset, Piece, Window, Windows
from .decoding import Decoded, TokenNote, decode
from .encoding import encode
from .midi import MIDIError, Score, read_midi, write_midi
from .token_files import load_tokens, save_tokens
from .vocabulary import BEGIN, END, PADDING, TICKS_PER_SECOND, TOKENS, token_id, token_name

__all__ = [
    "BEGIN", "END", "PADDING", "TICKS_PER_SECOND", "TOKENS", "Dataset", "Decoded", "MIDIError", "Piece", "Score",
    "TokenNote", "Window", "Windows", "decode", "encode", "load_tokens", "read_midi", "save_tokens", "token_id",
    "token_name", "write_midi",
]  # fmt: skip
