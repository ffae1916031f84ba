"""The model of Aurl as a PyTorch module (docs/model.md). Requires `torch`.

    from aurl.model import Model

    model = Model.from_file("models/aurl-small.safetensors")
    logits, latents = model.score(tokens[:1024])     # [time, 775]: logits of each token given those before it
"""

from .configuration import BOS, EOS, PAD, Configuration
from .network import Inference, Model
from .planes import key_planes
from .weights import load_weights
from .windows import WindowDataset

__all__ = ["BOS", "EOS", "PAD", "Configuration", "Inference", "Model", "WindowDataset", "key_planes", "load_weights"]
