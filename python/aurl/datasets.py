"""Memory-mapped access to the datasets of `aurl corpus build` (docs/corpus.md)."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy

from .vocabulary import END, NOTE_OFF, TICKS_PER_SECOND


@dataclass(frozen=True)
class Piece:
    """A piece of a dataset: one line of the index."""

    split: str
    path: str  # of the source file, relative to the folder of the corpus
    group: str  # of pieces that are always in the same split, such as the movements of a work
    shard: int
    offset: int  # of the first token in the shard
    tokens: int
    notes: int
    seconds: float
    sha256: str  # of the stored tokens
    chart: list | None = None  # its chords, five numbers each (docs/corpus.md)


class Dataset:
    """A dataset: a folder with an index and shards of little-endian uint16 tokens.

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
            raise ValueError(f"{index}: not the index of a dataset")
        if (header.get("version"), header.get("ticksPerSecond")) != (1, TICKS_PER_SECOND):
            raise ValueError(f"{index}: the dataset has version {header.get('version')}, which is not supported")
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
            raise ValueError(f"{path}: the shard does not have the {count} tokens given in the index")
        # An empty file cannot be memory-mapped.
        return numpy.memmap(path, "<u2", "r") if count else numpy.zeros(0, "<u2")

    def pieces(self, split: str | None = None) -> list[Piece]:
        """Returns the pieces of a split, such as `train`, or of all splits, in index order."""
        return [piece for piece in self._pieces if split in (None, piece.split)]

    def tokens(self, piece: Piece) -> numpy.ndarray:
        """Returns the tokens of a piece, ids below 774, as a view of the memory-mapped shard."""
        return self._shards[piece.shard][piece.offset : piece.offset + piece.tokens]

    def damaged(self) -> list[Piece]:
        """Returns the pieces whose tokens do not match their checksum."""
        return [p for p in self._pieces if hashlib.sha256(self.tokens(p).tobytes()).hexdigest() != p.sha256]


@dataclass(frozen=True)
class Window:
    """A segment of a piece.

    `before` contains all preceding tokens of the piece, which determine the keys that sound at the start of the window.
    """

    piece: Piece
    start: int  # index of the first token in the piece
    tokens: numpy.ndarray  # ids 0…773; the last window of a piece ends with 775 (END) unless it is full
    before: numpy.ndarray


class Windows:
    """The consecutive windows of a split, without those in which no note starts.

    `aurl evaluate` computes its measures on the same windows.
    """

    def __init__(self, dataset: Dataset, split: str, length: int = 512):
        if length < 2:
            raise ValueError("the length of a window must be at least 2 tokens")
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
