"""The layer that gives words the tags of a named layer, such as parts of speech.

Legend: B batch, T words, L tags.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.modules.linear_chain import Chain
from tango_ie.modules.tag_head import TagHead


class LayerHead(TagHead):
    """One tag per word, from an inventory in which anything may follow anything.

    Args:
        input_size: H of the words' vectors.
        schema: has the tags of the layer.
        layer: the layer's name, for example ``pos``.
        with_crf: whether neighbouring tags are scored, too.

    Shapes:
        vectors (B, T, H) float; returns logits (B, T, L) float

    Raises:
        ConfigurationError: the schema has no such layer.

    >>> schema = Schema(tag_layers={"pos": ("NN", "VB")})
    >>> head = LayerHead(4, schema, "pos")
    >>> head.gold(Sentence(("dogs", "bark"), tags={"pos": ("NN", "VB")})).tolist()
    [0, 1]
    >>> logits = torch.tensor([[[0.0, 1.0], [2.0, 0.0]]])
    >>> head.decode(logits, torch.ones(1, 2).bool())[0].tags
    {'pos': ('VB', 'NN')}
    """

    def __init__(self, input_size: int, schema: Schema, layer: str, with_crf: bool = False) -> None:
        tags = schema.tag_layers.get(layer, ())
        if not tags:
            raise ConfigurationError(
                f"the corpus has no layer of tags {layer!r}; it has "
                f"{', '.join(sorted(schema.tag_layers)) or 'none'}"
            )
        size = len(tags)
        free = Chain(*(torch.ones(shape).bool() for shape in ((size, size), (size,), (size,))))
        super().__init__(input_size, tags, free, with_crf)
        self.layer = layer
        self._ids = {tag: index for index, tag in enumerate(tags)}

    def gold(self, sentence: Sentence) -> NDArray[np.int16] | None:
        """See :meth:`TagHead.gold`; ``None`` where the sentence does not have the layer."""
        if self.layer not in sentence.tags:
            return None
        try:
            return np.array([self._ids[tag] for tag in sentence.tags[self.layer]], np.int16)
        except KeyError as error:
            shown = ", ".join(self.tags[:20]) + (", …" if len(self.tags) > 20 else "")
            raise DataError(
                f"the tag {error.args[0]!r} (layer {self.layer}) of "
                f"{' '.join(sentence.words)[:80]!r} is not known to the model; it knows {shown}"
            ) from None

    def decode(self, logits: Tensor, mask: Tensor) -> list[Annotations]:
        """See :meth:`TagHead.decode`."""
        paths = self.best_paths(logits.detach(), mask).tolist()
        return [
            Annotations(tags={self.layer: tuple(self.tags[tag] for tag in path[:length])})
            for path, length in zip(paths, mask.sum(1).tolist(), strict=True)
        ]

    def probabilities(self, logits: Tensor, mask: Tensor) -> Tensor:
        """Probability of each tag at each word, under a CRF given the whole sentence.

        Shapes:
            logits (B, T, L), mask (B, T) bool; returns (B, T, L), zeros at padding
        """
        if self.crf is not None:
            return self.crf.marginals(logits, mask)
        return logits.softmax(-1) * mask.unsqueeze(-1)

    def adapted(self, schema: Schema) -> LayerHead:
        """See :meth:`TagHead.adapted`."""
        new = LayerHead(self.in_features, schema, self.layer, self.crf is not None)
        pairs = [(index, self._ids[tag]) for tag, index in new._ids.items() if tag in self._ids]
        here, there = torch.tensor(pairs, dtype=torch.long).view(-1, 2).unbind(1)
        return new._take(self, here, there)

    def _independent_paths(self, logits: Tensor, mask: Tensor) -> Tensor:
        return logits.argmax(-1) * mask
