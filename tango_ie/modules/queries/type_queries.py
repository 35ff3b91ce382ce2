"""The queries of the types as sub-words.

Legend: Q queries, P pieces of the longest name.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders.transformer import TransformerEncoder


class TypeQueries(nn.Module):
    """Names of types, in sub-words; no weights. Shorter names come first, to be read together.

    Args:
        encoder: whose sub-words they are.
        names: what each type is asked by.
        prompt: vectors that stand before each name.

    Attributes:
        labels: the types in the order of their queries.

    Shapes:
        ids (Q, P) int, zero behind a name; sizes (Q,) int: sub-words of each name

    Raises:
        ConfigurationError: no types, or a name that is too long for the encoder.
    """

    ids: Tensor
    sizes: Tensor

    def __init__(self, encoder: TransformerEncoder, names: Mapping[str, str], prompt: int) -> None:
        super().__init__()
        if not names:
            raise ConfigurationError("the corpus has no entity types")
        pieces = [item.ids for item in encoder.tokenizer.split([n.split() for n in names.values()])]
        counts = np.array([len(item) for item in pieces])  # (Q,)
        limit = encoder.max_length - prompt
        if counts.max() > limit:
            label = list(names)[int(counts.argmax())]
            raise ConfigurationError(
                f"the query of {label!r} has {counts.max()} sub-words; with the prompt, only "
                f"{limit} fit into the encoder. Give it a shorter one",
                "queries",
            )
        order = np.argsort(counts, kind="stable")
        self.labels = tuple(list(names)[place] for place in order)
        ids = np.zeros((len(names), counts.max()), np.int64)  # (Q, P)
        for row, place in enumerate(order):
            ids[row, : counts[place]] = pieces[place]
        self.counts: tuple[int, ...] = tuple(counts[order].tolist())
        # Not in the archive: they follow from the schema.
        self.register_buffer("ids", torch.from_numpy(ids), persistent=False)
        self.register_buffer("sizes", torch.from_numpy(counts[order]), persistent=False)

    def __len__(self) -> int:
        return len(self.labels)

    def part(self, first: int, last: int) -> tuple[Tensor, Tensor | None]:
        """Neighbouring queries, padded no further than they need.

        Shapes:
            returns ids (last − first, P'), mask (the same) bool, ``None`` if there is no padding
        """
        width = self.counts[last - 1]  # the longest comes last
        ids = self.ids[first:last, :width]
        if self.counts[first] == width:
            return ids, None
        places = torch.arange(width, device=ids.device)
        return ids, places < self.sizes[first:last].unsqueeze(1)
