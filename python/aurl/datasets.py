"""Datasets of `aurl corpus build`, mapped into memory (docs/corpus.md)."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy

from .vocabulary import END, NOTE_OFF, TICKS_PER_SECOND


@dataclass(frozen=True)
class Piece:
    """A piece of a dataset: a line of its index."""

    split: str
    path: str  # where it came from
    group: str  # the work it belongs to; a work is in one split
    shard: int
    offset: int  # in tokens of the shard
    tokens: int
    notes: int
    seconds: float
    sha256: str  # of the tokens as stored


class Dataset:
    """A folder with an index and shards of little-endian uint16 tokens.

        dataset = aurl.Dataset("keyboard")
        for piece in dataset.pieces("valid"):
            print(piece.path, dataset.tokens(piece)[:8])
    """

    def __init__(self, path):
        self.path = Path(path)
        index = self.path / "index.jsonl"
        first, _, rest = index.read_bytes().partition(b"\n")
        try:
            header = json.loads(first)
        except ValueError:
            header = {}
        if not isinstance(header, dict) or header.get("format") != "aurl-dataset":
            raise ValueError(f"{index}: this is not the index of a dataset")
        if (header.get("version"), header.get("ticksPerSecond")) != (1, TICKS_PER_SECOND):
            raise ValueError(f"{index}: the dataset is of version {header.get('version')}, which is not known here")
        if hashlib.sha256(rest).hexdigest() != header["dataHash"]:
            raise ValueError(f"{index}: the index was changed or truncated")
        self.data_hash: str = header["dataHash"]
        self._pieces = [Piece(**json.loads(line)) for line in rest.splitlines()]
        self._shards = [self._shard(number, count) for number, count in enumerate(header["shards"])]
        for piece in self._pieces:
            if not 0 <= piece.offset <= len(self._shards[piece.shard]) - piece.tokens:
                raise ValueError(f"{index}: {piece.path} is not inside its shard")

    def _shard(self, number: int, count: int) -> numpy.ndarray:
        path = self.path / f"tokens-{number:05}.u16"
        if path.stat().st_size != 2 * count:
            raise ValueError(f"{path}: the shard has not the {count} tokens of the index")
        # An empty file cannot be mapped.
        return numpy.memmap(path, "<u2", "r") if count else numpy.zeros(0, "<u2")

    def pieces(self, split: str | None = None) -> list[Piece]:
        """The pieces of a split, such as `train`, or all, in the order of the index."""
        return [piece for piece in self._pieces if split in (None, piece.split)]

    def tokens(self, piece: Piece) -> numpy.ndarray:
        """The tokens of a piece, ids below 774; not a copy."""
        return self._shards[piece.shard][piece.offset : piece.offset + piece.tokens]

    def damaged(self) -> list[Piece]:
        """The pieces whose tokens are not those they were stored with."""
        return [p for p in self._pieces if hashlib.sha256(self.tokens(p).tobytes()).hexdigest() != p.sha256]


@dataclass(frozen=True)
class Window:
    """A stretch of a piece. `before` are all tokens of the piece before it: they say which keys sound where it begins."""

    piece: Piece
    start: int  # in tokens of the piece
    tokens: numpy.ndarray  # ids 0…773, and 775 (END) at the end of a piece where there is room
    before: numpy.ndarray


class Windows:
    """The consecutive windows of a split, in which at least one note starts: those that `aurl evaluate` measures on."""

    def __init__(self, dataset: Dataset, split: str, length: int = 512):
        if length < 2:
            raise ValueError("a window has room for a level and a note, two tokens")
        self.dataset, self.length = dataset, length
        self._cuts = [
            (piece, start)
            for piece in dataset.pieces(split)
            for start in range(0, piece.tokens, length)
            if (dataset.tokens(piece)[start : start + length] < NOTE_OFF).any()
        ]

    def __len__(self) -> int:
        return len(self._cuts)

    def __getitem__(self, index: int) -> Window:
        piece, start = self._cuts[index]
        whole = self.dataset.tokens(piece)
        tokens = whole[start : start + self.length]
        if start + len(tokens) == piece.tokens and len(tokens) < self.length:
            tokens = numpy.append(tokens, numpy.uint16(END))
        return Window(piece, start, tokens, whole[:start])
