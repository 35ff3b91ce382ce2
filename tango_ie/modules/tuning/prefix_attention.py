"""Keys and values that stand before those of the sub-words, for attention functions.

Legend: R rows, S sub-words (of the keys), Q queries, A heads, P length of the prefix, D head size.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

PREFIXED = "tango_ie_prefixed"


class PrefixStates:
    """Keys and values of a prefix; an attention function gets them as its argument ``prefix``.

    Shapes:
        keys, values (R, A, P, D), R may be 1
    """

    def __init__(self, keys: Tensor, values: Tensor) -> None:
        self.keys = keys
        self.values = values
        self.taken = False


def with_prefix(
    key: Tensor, value: Tensor, mask: Tensor | None, prefix: PrefixStates | None
) -> tuple[Tensor, Tensor, Tensor | None]:
    """Keys, values and mask with the prefix before them, which every query may attend to.

    Shapes:
        key, value (R, A, S, D); mask (R, 1, Q, S) bool (True: attended to) or float (added);
        returns those with P + S for S
    """
    if prefix is None:
        return key, value, mask
    prefix.taken = True
    rows, length = key.shape[0], prefix.keys.shape[2]
    key = torch.cat([prefix.keys.to(key.dtype).expand(rows, -1, -1, -1), key], dim=2)
    value = torch.cat([prefix.values.to(value.dtype).expand(rows, -1, -1, -1), value], dim=2)
    if mask is not None:
        open_ = True if mask.dtype == torch.bool else 0.0
        mask = nn.functional.pad(mask, (length, 0), value=open_)
    return key, value, mask


def prefixed_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    prefix: PrefixStates | None = None,
    **kwargs: Any,
) -> tuple[Tensor, None]:
    """PyTorch's attention with a prefix; an attention function of ``transformers``."""
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    key, value, mask = with_prefix(key, value, attention_mask, prefix)
    attended: tuple[Tensor, None] = sdpa_attention_forward(
        module, query, key, value, mask, **kwargs
    )
    return attended


def register_prefixed_attention() -> None:
    """Let configs of ``transformers`` name :func:`prefixed_attention` as :data:`PREFIXED`."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import ALL_MASK_ATTENTION_FUNCTIONS

    AttentionInterface.register(PREFIXED, prefixed_attention)
    AttentionMaskInterface.register(PREFIXED, ALL_MASK_ATTENTION_FUNCTIONS["sdpa"])
