"""Gates: how far a part of a tuned encoder is open, one number for each row.

A gate must not see what its row's context must not depend on. So it averages over the words that it
is told to, and what it has found in one pass can be used again in another: states of queries that
are computed after those of the context go through the gates of the context.

Legend: R rows, S sub-words, H hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


class Gates:
    """What all gates of an encoder were in one pass.

    Args:
        values: by the names of the gates.

    Shapes:
        values (R,) each, in (0, 1)

    >>> gates = Gates({"0.adapter": torch.tensor([0.25, 0.5])})
    >>> gates.rows(torch.tensor([1, 1, 0]))["0.adapter"].tolist()
    [0.5, 0.5, 0.25]
    """

    def __init__(self, values: Mapping[str, Tensor]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> Tensor:
        if name not in self._values:
            raise RuntimeError(
                f"the gate {name!r} was not opened in the pass whose gates are used; "
                f"those that were: {', '.join(self._values) or 'none'}"
            )
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def rows(self, index: Tensor) -> Gates:
        """The same gates for other rows: ``index[k]`` is the row that row k takes them from.

        Shapes:
            index (R',) int
        """
        return Gates({name: value[index] for name, value in self._values.items()})

    def keep(self, name: str, value: Tensor) -> None:
        """Add what a gate has found."""
        self._values[name] = value


@dataclass(frozen=True)
class Pass:
    """One pass through an encoder.

    Args:
        words: what gates average over; ``None``: they do not look, and take what is known.
        gates: filled in a pass with ``words``, read in one without.
        prefix: whether prefixes are handed to the attention.

    Shapes:
        words (R, S) bool
    """

    words: Tensor | None = None
    gates: Gates = field(default_factory=lambda: Gates({}))
    prefix: bool = True


class Scope:
    """The pass that an encoder is in, shared by its gates."""

    def __init__(self) -> None:
        self.current: Pass | None = None

    @contextmanager
    def enter(self, now: Pass) -> Iterator[Gates]:
        """A block in which ``now`` is the pass."""
        before, self.current = self.current, now
        try:
            yield now.gates
        finally:
            self.current = before


class Gate(nn.Module):
    """``mean over words of sigmoid(w · hidden + b)``, one number for each row.

    Source: UniPELT (Mao et al. 2022), which averages over all places, padding too.

    Args:
        name: by which its value is kept, unique in the encoder.
        input_size: H.
        scope: of the encoder.

    Shapes:
        hidden (R, S, H), any shape in a pass that uses known gates; returns (R,) float32
    """

    def __init__(self, name: str, input_size: int, scope: Scope) -> None:
        super().__init__()
        self.name = name
        self.scope = scope
        self.score = nn.Linear(input_size, 1)
        # As BERT begins its own layers: the gate starts half open.
        nn.init.normal_(self.score.weight, std=0.02)
        nn.init.zeros_(self.score.bias)

    def forward(self, hidden: Tensor) -> Tensor:
        now = self.scope.current
        if now is None:
            raise RuntimeError(
                "gates average over words, and nobody has said over which: call the encoder, or "
                "its transformer inside `with encoder.tuning.over(words)`"
            )
        if now.words is None:
            return now.gates[self.name]
        if now.words.shape != hidden.shape[:-1]:
            raise RuntimeError(
                f"the gate {self.name!r} is told of words of shape {tuple(now.words.shape)}, but "
                f"the layer's states have {tuple(hidden.shape[:-1])}: this transformer rearranges "
                "its input, and can be tuned without gates only"
            )
        opened = self.score(hidden).squeeze(-1).float().sigmoid()  # (R, S)
        # A mask, not a product: padding may hold anything.
        total = opened.masked_fill(~now.words, 0.0).sum(1)  # (R,)
        value = total / now.words.sum(1).clamp(min=1)
        now.gates.keep(self.name, value)
        return value


def scaled(change: Tensor, factor: Tensor) -> Tensor:
    """``change`` with row r times ``factor[r]``.

    Shapes:
        change (R, ...), factor (R,); returns (R, ...) in the type of ``change``
    """
    return change * factor.view(-1, *[1] * (change.dim() - 1)).to(change.dtype)


def context_words(attention_mask: Tensor, before: int = 0, after: int = 0) -> Tensor:
    """Which places gates average over: real sub-words, not the special tokens around them.

    A row without any word has nothing else, so its special tokens count.

    Args:
        attention_mask: 1 for real places, which come first in each row.
        before: special tokens that begin each row.
        after: special tokens that end it.

    Shapes:
        attention_mask (R, S) int or bool; returns (R, S) bool

    >>> context_words(torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0]]), 1, 1).int().tolist()
    [[0, 1, 1, 0], [1, 1, 0, 0]]
    """
    real = attention_mask.bool()  # (R, S)
    place = torch.arange(real.shape[1], device=real.device)
    last = real.sum(1, keepdim=True) - after  # (R, 1)
    words = real & (place >= before) & (place < last)
    return torch.where(words.any(1, keepdim=True), words, real)
