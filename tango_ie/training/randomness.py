"""Random numbers that depend on nothing but the seed and the place in training.

The generators are seeded anew before every training step from (seed, step, rank). So a resumed run
draws what an uninterrupted one draws, whatever happened in between: no generator state has to be
kept, and evaluation, checkpoints or a progress bar cannot disturb training by drawing numbers.
"""

from __future__ import annotations

import hashlib
import random

import numpy as np
import torch

_SIGN_FREE = 2**63


def seed_everything(seed: int) -> None:
    """Seed Python, NumPy and torch on all devices; to be called before a model is built."""
    random.seed(seed)
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed % _SIGN_FREE)


def seed_step(seed: int, step: int, rank: int, device: torch.device) -> None:
    """Seed all generators for one training step of one rank.

    ``torch.manual_seed`` visits every backend and takes a hundred times longer than this.
    """
    digest = hashlib.blake2b(f"{seed}/{step}/{rank}".encode(), digest_size=8).digest()
    mixed = int.from_bytes(digest, "little") % _SIGN_FREE
    random.seed(mixed)
    np.random.seed(mixed % 2**32)
    torch.default_generator.manual_seed(mixed)
    if device.type == "cuda":
        torch.cuda.manual_seed(mixed)
    elif device.type != "cpu":
        torch.manual_seed(mixed)
