"""The hyper-parameters of a model and its presets, as `Configuration` in `ModelFormat` has them."""

from dataclasses import dataclass

VOCABULARY, BOS, EOS, PAD = 777, 774, 775, 776
LEVELS = ("global", "phrase", "local")


@dataclass
class Latents:
    dimensions: tuple = (64, 32, 16)  # in the order of the levels
    phrase_length: int = 128
    local_length: int = 32
    prior: str = "standard"
    mixture_components: int = 8
    flow_layers: int = 4
    normalize_means: bool = False

    @property
    def total(self) -> int:
        return sum(self.dimensions)

    def dimensions_of(self, level: str) -> int:
        return self.dimensions[LEVELS.index(level)]


@dataclass
class Configuration:
    width: int
    heads: int
    feed_forward: int
    encoder_layers: int
    decoder_layers: int
    window: int
    latents: Latents | None  # None: a plain causal decoder

    @classmethod
    def preset(cls, name: str) -> "Configuration":
        return {
            "tiny": cls(64, 4, 256, 1, 2, 128, Latents((16, 8, 4), phrase_length=64, local_length=16)),
            "small": cls(256, 8, 1024, 4, 6, 512, Latents()),
            "base": cls(384, 8, 1536, 6, 8, 512, Latents()),
        }[name]

    @classmethod
    def of(cls, fields: dict) -> "Configuration":
        """From the JSON object in the metadata of a model file."""
        z = fields.get("latents")
        latents = z and Latents(
            tuple(z[level] for level in LEVELS), z["phraseLength"], z["localLength"], z["prior"],
            z["mixtureComponents"], z["flowLayers"], z["normalizeMeans"],
        )  # fmt: skip
        return cls(
            fields["width"], fields["heads"], fields["feedForward"], fields["encoderLayers"], fields["decoderLayers"],
            fields["window"], latents,
        )  # fmt: skip
