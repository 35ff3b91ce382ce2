"""A linear layer that says of words whether spans of each label start and end there.

Legend: H hidden, L labels.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.pairs.pair_grid import kept_labels

_FIRST_PROBABILITY = 0.01


class SpanLayer(nn.Linear):
    """Two outputs per label: the logits of starts, then those of ends.

    Words begin with a probability of about 0.01, because nearly all of them are neither (Lin et
    al. 2017). Calling it gives float32 at least.

    Args:
        input_size: H.
        labels: of the spans.

    Shapes:
        vectors (…, H); returns (…, 2 L)

    Raises:
        ConfigurationError: there are no labels.
    """

    def __init__(self, input_size: int, labels: Sequence[str]) -> None:
        if not labels:
            raise ConfigurationError("spans need labels, but the corpus has none")
        super().__init__(input_size, 2 * len(labels))
        nn.init.constant_(self.bias, math.log(_FIRST_PROBABILITY / (1 - _FIRST_PROBABILITY)))
        self.names = tuple(labels)

    def forward(self, vectors: Tensor) -> Tensor:
        logits = super().forward(vectors)
        return logits.to(torch.promote_types(logits.dtype, torch.float32))

    def adapted(self, labels: Sequence[str]) -> SpanLayer:
        """A new layer for other labels: kept ones keep their weights, new ones are new."""
        new = SpanLayer(self.in_features, labels).to(self.weight.device, self.weight.dtype)
        here, there = kept_columns(new.names, self.names)
        with torch.no_grad():
            new.weight[here] = self.weight[there]
            new.bias[here] = self.bias[there]
        return new.train(self.training)


def kept_columns(new: Sequence[str], old: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Outputs of labels that both have: their places in the new and in the old layer, (N,) int.

    >>> [places.tolist() for places in kept_columns(["b", "c"], ["a", "b"])]
    [[0, 2], [1, 3]]
    """
    here, there = kept_labels(new, old)
    return torch.cat([here, here + len(new)]), torch.cat([there, there + len(old)])
