"""Reading and writing of token files in the four formats of docs/tokens.md, "Formats"."""

import io
import json
from pathlib import Path

import numpy

from .vocabulary import TICKS_PER_SECOND, TOKENS, token_id, token_name

FORMATS = ("ids", "names", "json", "npy")
_EXTENSIONS = {".npy": "npy", ".json": "json"}


def load_tokens(path) -> numpy.ndarray:
    """Reads the tokens of a file in any of the formats, as uint16. Raises ValueError if the file is not a token file."""
    data = Path(path).read_bytes()
    try:
        return _checked(_values(data))
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def save_tokens(path, tokens, format: str | None = None) -> None:
    """Writes tokens to a file. The default format is that of the extension: `.npy`, `.json`, otherwise ids."""
    format = format or _EXTENSIONS.get(Path(path).suffix.lower(), "ids")
    if format not in FORMATS:
        raise ValueError(f"{format!r} is not one of the formats {', '.join(FORMATS)}")
    Path(path).write_bytes(token_bytes(tokens, format))


def token_bytes(tokens, format: str) -> bytes:
    """Returns the contents of a token file."""
    tokens = _checked(numpy.asarray(tokens))
    if format == "npy":
        buffer = io.BytesIO()
        numpy.lib.format.write_array(buffer, tokens.astype("<u2"), version=(1, 0))
        return buffer.getvalue()
    ids = tokens.tolist()
    if format == "names":
        return "".join(token_name(token) + "\n" for token in ids).encode()
    if format == "json":
        document = {"format": "aurl-tokens", "version": 1, "ticksPerSecond": TICKS_PER_SECOND, "tokens": ids}
        return json.dumps(document, separators=(",", ":"), sort_keys=True).encode() + b"\n"
    return "".join(" ".join(map(str, ids[i : i + 16])) + "\n" for i in range(0, len(ids), 16)).encode()


def _checked(values: numpy.ndarray) -> numpy.ndarray:
    if values.ndim != 1 or (values.size and values.dtype.kind not in "iu"):
        raise ValueError("tokens must be integers in one dimension")
    wrong = numpy.flatnonzero((values < 0) | (values >= TOKENS))
    if wrong.size:
        raise ValueError(f"token {wrong[0]} is {values[wrong[0]]}, which is not one of the ids 0…{TOKENS - 1}")
    return values.astype(numpy.uint16)


def _values(data: bytes) -> numpy.ndarray:
    if data.startswith(b"\x93NUMPY"):
        return numpy.load(io.BytesIO(data), allow_pickle=False)
    if data.lstrip()[:1] == b"{":
        document = json.loads(data)
        if (document.get("format"), document.get("version")) != ("aurl-tokens", 1):
            raise ValueError("not the JSON of a token file")
        if document.get("ticksPerSecond") != TICKS_PER_SECOND:
            raise ValueError(f"ticksPerSecond must be {TICKS_PER_SECOND}")
        return numpy.array(document["tokens"], dtype=numpy.int64)
    text = data.decode("ascii", "replace")
    words = iter([word for line in text.split("\n") for word in line.split("#")[0].split()])
    values = []
    for word in words:
        values.append(int(word) if word.lstrip("-").isdigit() else token_id(f"{word} {next(words, '')}"))
    return numpy.array(values, dtype=numpy.int64)
