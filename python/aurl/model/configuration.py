"""The hyper-parameters of a model, and presets: the same as `Configuration` of `ModelFormat`."""

from dataclasses import dataclass, field

from ..vocabulary import BEGIN as BOS
from ..vocabulary import END as EOS
from ..vocabulary import MODEL_TOKENS as VOCABULARY
from ..vocabulary import PADDING as PAD

__all__ = ["BOS", "EOS", "LEVELS", "PAD", "VOCABULARY", "Configuration", "Latents", "Plan"]

LEVELS = ("global", "phrase", "local")


@dataclass
class Plan:
    """The causal network over the sequence of latents, which conditions the prior on earlier latents."""

    width: int = 128
    heads: int = 4
    feed_forward: int = 512
    layers: int = 2
    windows: int = 8


@dataclass
class Latents:
    dimensions: tuple = (64, 32, 16)  # global, phrase, local
    window_length: int = 512
    phrase_length: int = 128
    local_length: int = 32
    prior: str = "standard"
    mixture_components: int = 8
    flow_layers: int = 4
    normalize_means: bool = False
    plan: Plan = field(default_factory=Plan)

    @property
    def total(self) -> int:
        return sum(self.dimensions)

    @property
    def phrases(self) -> int:
        """The number of phrases per latent window."""
        return self.window_length // self.phrase_length

    @property
    def locals(self) -> int:
        """The number of local segments per phrase."""
        return self.phrase_length // self.local_length

    @property
    def slots(self) -> int:
        """The number of latents per latent window: the global one, then each phrase followed by its local segments."""
        return 1 + self.phrases * (1 + self.locals)

    def dimensions_of(self, level: str) -> int:
        return self.dimensions[LEVELS.index(level)]

    def length_of(self, level: str) -> int:
        """The length of a segment, in tokens."""
        return (self.window_length, self.phrase_length, self.local_length)[LEVELS.index(level)]


@dataclass
class Configuration:
    width: int
    heads: int
    feed_forward: int
    encoder_layers: int
    decoder_layers: int
    window: int
    latents: Latents | None  # None for a causal decoder without latents

    @classmethod
    def preset(cls, name: str) -> "Configuration":
        return {
            "tiny": cls(64, 4, 256, 1, 2, 128, Latents((16, 8, 4), 128, 64, 16, plan=Plan(32, 2, 64, 1, 3))),
            "small": cls(256, 8, 1024, 4, 6, 1024, Latents()),
            "base": cls(384, 8, 1536, 6, 8, 1024, Latents()),
        }[name]

    @classmethod
    def of(cls, fields: dict) -> "Configuration":
        """Reads the JSON object in the metadata of a model file."""
        z = fields.get("latents")
        plan = z and z["plan"]
        latents = z and Latents(
            tuple(z[level] for level in LEVELS), z["windowLength"], z["phraseLength"], z["localLength"], z["prior"],
            z["mixtureComponents"], z["flowLayers"], z["normalizeMeans"],
            Plan(plan["width"], plan["heads"], plan["feedForward"], plan["layers"], plan["windows"]),
        )  # fmt: skip
        return cls(
            fields["width"], fields["heads"], fields["feedForward"], fields["encoderLayers"], fields["decoderLayers"],
            fields["window"], latents,
        )  # fmt: skip
