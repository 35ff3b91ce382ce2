"""Attention in which queries read a sentence that does not read them.

Through the attention interface of ``transformers``: for the time of a forward pass a transformer's
attention is one of the passes below. The sentence goes first and its keys are kept; then come the
queries, each a row of its own, as many for each sentence. No matrix over sentence and queries ever
exists, and what is kept of the sentence does not depend on the queries.

Legend: R rows of sub-words, B batch, Q queries, A attention heads, D size of a head, N keys of the
context, K keys of a query, I tokens of a query that are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from tango_ie.modules.tuning import PrefixStates, with_prefix

if TYPE_CHECKING:
    from transformers import PreTrainedModel

NAME = "tango_ie_queries"

# (module, query, key, value, mask, **options) → what was read (rows, tokens, A, D), and no weights
AttentionPass = Callable[..., tuple[Tensor, None]]
_running: ContextVar[AttentionPass] = ContextVar("attention_pass")


@dataclass(frozen=True)
class Keys:
    """Keys with their values, of the context or of the queries.

    Shapes:
        keys, values (rows, A, N, D); mask (rows, N) bool, True = may be read, ``None`` for all
    """

    keys: Tensor
    values: Tensor
    mask: Tensor | None = None

    def joined(self, rows: Tensor, exists: Tensor) -> Keys:
        """The keys of several rows side by side, for sentences of more than one window.

        Shapes:
            rows, exists (B, windows): which rows, and whether there is one
        """
        batch, windows = rows.shape
        mask = self.mask
        if mask is None:
            mask = self.keys.new_ones(self.keys.size(0), self.keys.size(2), dtype=torch.bool)
        chosen = mask[rows] & exists.unsqueeze(2)  # (B, windows, N)
        keys, values = (
            tensor.index_select(0, rows.flatten())
            .unflatten(0, (batch, windows))
            .transpose(1, 2)
            .flatten(2, 3)  # (B, A, windows * N, D)
            for tensor in (self.keys, self.values)
        )
        return Keys(keys, values, chosen.flatten(1))


@contextmanager
def attending(transformer: PreTrainedModel, attention: AttentionPass) -> Iterator[None]:
    """Let the layers of a transformer attend in another way inside the block."""
    _register()
    config = transformer.config
    before = config._attn_implementation
    token = _running.set(attention)
    config._attn_implementation = NAME
    try:
        yield
    finally:
        config._attn_implementation = before
        _running.reset(token)


def read(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    *,
    prefix: PrefixStates | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """Ordinary attention, with whatever a tuned encoder puts before the keys."""
    key, value, attention_mask = with_prefix(key, value, attention_mask, prefix)
    return _plain(module, query, key, value, attention_mask, **options)


@dataclass
class KeepingKeys:
    """Ordinary attention that keeps the keys of some layers, prefixes among them."""

    layers: frozenset[nn.Module]
    kept: dict[nn.Module, Keys] = field(default_factory=dict)

    def __call__(
        self,
        module: nn.Module,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attention_mask: Tensor | None,
        *,
        prefix: PrefixStates | None = None,
        **options: Any,
    ) -> tuple[Tensor, None]:
        """See :func:`read`."""
        key, value, attention_mask = with_prefix(key, value, attention_mask, prefix)
        if module in self.layers:
            # Every token of a row may read the same ones.
            mask = None if attention_mask is None else attention_mask[:, 0, 0]  # (R, N)
            self.kept[module] = Keys(key, value, mask)
        return _plain(module, query, key, value, attention_mask, **options)


@dataclass
class ReadingContext:
    """Queries that read themselves and the kept keys of their sentence.

    Args:
        context: by layer, for each sentence.
        own: the queries' own keys where a layer is only given those tokens that are wanted; either
            for each row or, where they are the same for all sentences, for each query.
        mask: which of a query's own tokens are real, (Q, K) bool; ``None``: all.
    """

    context: Mapping[nn.Module, Keys]
    mask: Tensor | None
    own: Keys | None = None

    def __call__(
        self,
        module: nn.Module,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attention_mask: Tensor | None,
        *,
        scaling: float,
        dropout: float = 0.0,
        **options: Any,
    ) -> tuple[Tensor, None]:
        """See :func:`read`; rows are (B * Q), those of a sentence together."""
        own = Keys(key, value) if self.own is None else self.own
        own = Keys(own.keys, own.values, self.mask)
        return read_both(query * scaling, self.context[module], own, dropout), None


def read_both(query: Tensor, context: Keys, own: Keys, dropout: float = 0.0) -> Tensor:
    """Attention of queries over two sets of keys at once.

    Args:
        query: scaled.
        context: of each sentence.
        own: of each row, or of each query.
        dropout: of the weights.

    Shapes:
        query (B * Q, A, I, D), context (B, A, N, D), own (B * Q or Q, A, K, D) with a mask (Q, K)
        returns (B * Q, I, A, D)
    """
    batch, size = context.keys.size(0), context.keys.size(2)
    rows = query.unflatten(0, (batch, -1)).transpose(1, 2)  # (B, A, Q, I, D)
    num_queries, wanted = rows.shape[2:4]
    to_context = (rows.flatten(2, 3) @ context.keys.mT).unflatten(2, (-1, wanted))
    if context.mask is not None:
        to_context = to_context.masked_fill(~context.mask[:, None, None, None], -torch.inf)
    to_own = _of_queries(rows, own.keys.mT)  # (B, A, Q, I, K)
    if own.mask is not None:
        to_own = to_own.masked_fill(~own.mask[:, None], -torch.inf)
    scores = torch.cat([to_context, to_own], dim=-1)  # (B, A, Q, I, N + K)
    # As in the fused kernels, halved weights are summed in full precision.
    weights = scores.softmax(-1, torch.promote_types(scores.dtype, torch.float32)).to(query.dtype)
    weights = nn.functional.dropout(weights, dropout, training=dropout > 0)
    of_context, of_own = weights.split([size, weights.size(-1) - size], dim=-1)
    found = (of_context.flatten(2, 3) @ context.values).unflatten(2, (-1, wanted))
    found = found + _of_queries(of_own, own.values)  # (B, A, Q, I, D)
    return found.permute(0, 2, 3, 1, 4).reshape(batch * num_queries, wanted, -1, query.size(-1))


def _of_queries(rows: Tensor, matrices: Tensor) -> Tensor:
    """Multiply the rows of each query with the matrix of that row, or of that query.

    Shapes:
        rows (B, A, Q, I, X), matrices (B * Q or Q, A, X, Y); returns (B, A, Q, I, Y)
    """
    batch, _, num_queries, wanted, _ = rows.shape
    if matrices.size(0) == num_queries and batch > 1:
        # One matrix for all sentences: it is not copied, the rows are moved together.
        together = rows.permute(2, 1, 0, 3, 4).flatten(2, 3)  # (Q, A, B * I, X)
        return (together @ matrices).unflatten(2, (batch, wanted)).permute(2, 1, 0, 3, 4)
    together = rows.transpose(1, 2).flatten(0, 1)  # (B * Q, A, I, X)
    return (together @ matrices).unflatten(0, (batch, num_queries)).transpose(1, 2)


def _dispatch(module: nn.Module, *arguments: Any, **options: Any) -> tuple[Tensor, None]:
    return _running.get()(module, *arguments, **options)


@cache
def _register() -> None:
    """Make the name known; ``transformers`` takes seconds to import, so not before it is needed."""
    from transformers import AttentionInterface
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    AttentionInterface.register(NAME, _dispatch)
    AttentionMaskInterface.register(NAME, sdpa_mask)


def _plain(module: nn.Module, *arguments: Any, **options: Any) -> tuple[Tensor, None]:
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    return sdpa_attention_forward(module, *arguments, **options)
