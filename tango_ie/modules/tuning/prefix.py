"""Prefix tuning: trained keys and values in each layer.

Legend: R rows, S sub-words, H hidden, L layers, P length of the prefix, A heads, D head size.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from torch import Tensor, nn

from tango_ie.modules.tuning.gates import Gate, Scope, scaled
from tango_ie.modules.tuning.prefix_attention import PrefixStates, register_prefixed_attention
from tango_ie.modules.tuning.structure import Attention


class PrefixVectors(nn.Module):
    """``g · (keys, values) = outer[layer](tanh(inner(embedding)))``, before a layer's own.

    Source: prefix tuning (Li and Liang 2021); embedding and inner map are shared by all layers.
    With gates (UniPELT, Mao et al. 2022) both keys and values are multiplied.

    Args:
        attentions: of the layers.
        hidden_size: H.
        head_size: D.
        length: P.
        mid_size: width between the two maps.
        scope: says whether a pass wants prefixes.
        gates: one for each layer, or none at all.
    """

    def __init__(
        self,
        attentions: Sequence[Attention],
        hidden_size: int,
        head_size: int,
        length: int,
        mid_size: int,
        scope: Scope,
        gates: Sequence[Gate] = (),
    ) -> None:
        super().__init__()
        self.embedding = nn.Embedding(length, hidden_size)
        self.inner = nn.Linear(hidden_size, mid_size)
        self.outer = nn.ModuleList(
            nn.Linear(mid_size, item.key.out_features + item.value.out_features)
            for item in attentions
        )
        self.gates = nn.ModuleList(gates)
        self.head_size = head_size
        self.scope = scope
        register_prefixed_attention()
        for index, item in enumerate(attentions):
            item.module.register_forward_pre_hook(partial(self._give, index), with_kwargs=True)
            item.module.register_forward_hook(self._check, with_kwargs=True)

    def forward(self, layer: int, hidden: Tensor) -> PrefixStates:
        """The prefix of a layer (from 0) with the states that enter it.

        Shapes:
            hidden (R, S, H)
        """
        states = self.outer[layer](self.inner(self.embedding.weight).tanh())  # (P, 2 A D)
        keys, values = states.unflatten(-1, (-1, self.head_size)).transpose(0, 1).chunk(2)
        keys, values = keys.unsqueeze(0), values.unsqueeze(0)  # (1, A, P, D)
        if not self.gates:
            return PrefixStates(keys, values)
        rows = self.gates[layer](hidden)  # (R,)
        return PrefixStates(
            *(scaled(part.expand(len(rows), -1, -1, -1), rows) for part in (keys, values))
        )

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(state)
        register_prefixed_attention()  # in another process nobody has done it yet

    def _give(
        self, layer: int, attention: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        now = self.scope.current
        if now is None or now.prefix:
            hidden = args[0] if args else kwargs["hidden_states"]
            kwargs = {**kwargs, "prefix": self(layer, hidden)}
        return args, kwargs

    def _check(
        self, attention: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any], output: Any
    ) -> None:
        prefix = kwargs.get("prefix")
        if prefix is not None and not prefix.taken:
            raise RuntimeError(
                "the attention that this transformer is set to has left its prefix out; it must "
                "call tango_ie.modules.tuning.with_prefix"
            )
