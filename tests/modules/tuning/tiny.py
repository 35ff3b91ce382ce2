"""Small transformers with random weights, and what the tests of tuning do to them."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import Tensor

from tango_ie.modules.tuning import AttachedTuning, EncoderTuning

SIZES = {
    "vocab_size": 70,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 40,
}
IDS = torch.tensor([[2, 9, 10, 11, 12, 13, 3], [2, 20, 21, 3, 0, 0, 0], [2, 30, 3, 0, 0, 0, 0]])
MASK = torch.tensor([[1] * 7, [1] * 4 + [0] * 3, [1] * 3 + [0] * 4])


def make(family: str = "Bert", **changes: Any) -> Any:
    """A transformer of ``family`` in eval mode, always with the same weights."""
    import transformers

    with warnings.catch_warnings(), torch.random.fork_rng(devices=[]):
        # DeBERTa's module calls torch.jit.script, which torch has deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.manual_seed(0)
        config = getattr(transformers, f"{family}Config")(
            # Larger than usual, so that a fault shows.
            **{**SIZES, "initializer_range": 0.3, **changes}
        )
        return getattr(transformers, f"{family}Model")(config).eval()


def attach(transformer: Any, params: dict[str, Any], stir: bool = True) -> AttachedTuning:
    """Tune ``transformer``; all new weights are then away from where they start."""
    tuning = EncoderTuning.from_params(params).attach(transformer)
    assert isinstance(tuning, AttachedTuning)
    if stir:
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            for weight in tuning.parameters():
                weight.normal_(std=0.4, generator=generator)
    return tuning


def states(
    transformer: Any, ids: Tensor = IDS, mask: Tensor | None = MASK, **further: Any
) -> Tensor:
    """The last states (R, S, H)."""
    with torch.no_grad():
        output = transformer(input_ids=ids, attention_mask=mask, **further)
    hidden: Tensor = output.last_hidden_state
    return hidden
