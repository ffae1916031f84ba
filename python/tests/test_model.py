import json
import tempfile
import unittest
from pathlib import Path

import numpy

import aurl

from .program import CORPUS, MODEL, ROOT
from .program import aurl as program
from .test_tokens import random_tokens

try:
    import torch

    from aurl.model import Model, WindowDataset, key_planes
    from aurl.model.planes import window_planes
except ImportError:
    torch = None


@unittest.skipUnless(torch, "needs torch")
class ModelTests(unittest.TestCase):
    def test_logits_are_those_of_the_engine(self):
        """`GoldenTests` compares the engine of `aurl` with the same file."""
        cases = json.loads((ROOT / "Tests/InferenceTests/golden.json").read_text())
        case = next(case for case in cases if case["name"] == "shipped")
        model = Model.from_file(MODEL)
        logits, inference = model.score(case["tokens"])
        self.assertLess((logits[-1] - torch.tensor(case["logits"])).abs().max(), 1e-4)
        probabilities = logits.log_softmax(-1).gather(1, torch.tensor(case["tokens"]).unsqueeze(1))[:, 0]
        self.assertLess((probabilities - torch.tensor(case["logProbabilities"])).abs().max(), 1e-4)
        means = inference.posteriors["global"].mean[0, 0]
        self.assertLess((means - torch.tensor(case["global"])).abs().max(), 1e-4)

    def test_latent_windows_are_independent(self):
        """Tokens after the first latent window, and padding, do not affect its logits."""
        model = Model.from_file(MODEL)
        tokens = aurl.encode(aurl.read_midi(CORPUS / "joplin-the-entertainer.mid"))
        short, _ = model.score(tokens[:600])
        long, inference = model.score(tokens[:1024])
        self.assertEqual(inference.exists["global"].tolist(), [[True, True]])
        # The latents of the second window must not affect the first.
        self.assertLess((short[:512] - long[:512]).abs().max(), 1e-4)
        self.assertTrue(torch.isfinite(short).all())

    def test_planes_include_the_tokens_before_a_window(self):
        for seed in range(5):
            tokens = torch.tensor(random_tokens(seed, 900))
            whole = key_planes(tokens.unsqueeze(0))[0]
            self.assertTrue(torch.equal(window_planes(tokens[:700], tokens[700:]), whole[700:]))

    def test_windows_are_batched(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "dataset"
            program("corpus", "build", CORPUS, "--quiet", "-o", path)
            windows = aurl.Windows(aurl.Dataset(path), "train", 128)
            loader = torch.utils.data.DataLoader(WindowDataset(windows), batch_size=4)
            batch = next(iter(loader))
        self.assertEqual((batch["tokens"].shape, batch["keys"].shape), ((4, 128), (4, 129, 390)))
        self.assertEqual(batch["tokens"][0].tolist(), numpy.asarray(windows[0].tokens).tolist())
