"""States that are computed once, and again when the weights that they came from have changed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Any

from torch import Tensor


class KeptStates:
    """Tensors by key, all forgotten as soon as a weight is another one or has been written to.

    >>> import torch
    >>> weight, kept = torch.ones(1), KeptStates()
    >>> first = kept.get("key", [weight], lambda: weight + 1)
    >>> kept.get("key", [weight], lambda: weight + 1) is first
    True
    >>> _ = weight.add_(1)
    >>> kept.get("key", [weight], lambda: weight + 1).item()
    3.0
    """

    def __init__(self) -> None:
        self._stamp: tuple[Any, ...] = ()
        self._states: dict[Hashable, Tensor] = {}

    def get(
        self, key: Hashable, weights: Iterable[Tensor], compute: Callable[[], Tensor]
    ) -> Tensor:
        """The state of this key, computed if it is not there."""
        stamp = tuple((id(weight), weight.data_ptr(), _version(weight)) for weight in weights)
        if stamp != self._stamp:
            self._stamp = stamp
            self._states.clear()
        if key not in self._states:
            self._states[key] = compute().detach()
        return self._states[key]

    def __deepcopy__(self, memo: dict[int, Any]) -> KeptStates:
        return KeptStates()  # a copy has weights of its own

    def __reduce__(self) -> tuple[type[KeptStates], tuple[()]]:
        return KeptStates, ()


def _version(weight: Tensor) -> int:
    """How often a tensor was written to; one that was made for inference does not count that."""
    return -1 if weight.is_inference() else weight._version
