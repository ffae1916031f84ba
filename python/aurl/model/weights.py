"""Reading of safetensors model files (docs/model.md, "Files"). Requires only NumPy."""

import json
from pathlib import Path

import numpy


def load_weights(path) -> tuple[dict, dict]:
    """Returns the metadata and the tensors of a model file, dequantized to single precision.

    Raises ValueError if it is not a safetensors file.
    """
    data = memoryview(Path(path).read_bytes())
    try:
        size = int.from_bytes(data[:8], "little")
        header = json.loads(bytes(data[8 : 8 + size]))
        metadata = header.pop("__metadata__", {})
        stored = {name: _tensor(data[8 + size :], **entry) for name, entry in header.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ValueError(f"{path}: not a safetensors file") from None
    tensors = {}
    for name, values in stored.items():
        if name.endswith(".scale") and name.removesuffix(".scale") in stored:
            continue
        if values.dtype == numpy.int8:
            # Each row has a scale.
            values = values * stored[name + ".scale"][:, None]
        tensors[name] = values.astype(numpy.float32)
    return metadata, tensors


def _tensor(data: memoryview, dtype: str, shape: list, data_offsets: list) -> numpy.ndarray:
    data = data[data_offsets[0] : data_offsets[1]]
    if dtype == "BF16":
        values = (numpy.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
    else:
        values = numpy.frombuffer(data, {"F32": "<f4", "F16": "<f2", "I8": "i1"}[dtype])
    return values.reshape(shape)
