"""Gold tags of a layer as input: vectors that stand beside those of the words.

Legend: B batch, T words, D size of a tag's vector.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.schema import Schema


class GoldTags(nn.Embedding):
    """A vector for each tag of a layer, for experiments that ask what knowing the tags is worth.

    Args:
        schema: has the tags of the layer.
        layer: its name, for example ``pos``.
        size: D.

    Shapes:
        tag_ids (B, T) int; returns (B, T, D) float

    Raises:
        ConfigurationError: the schema has no such layer.
    """

    def __init__(self, schema: Schema, layer: str, size: int) -> None:
        tags = schema.tag_layers.get(layer, ())
        if not tags:
            raise ConfigurationError(
                f"the corpus has no layer of tags {layer!r} that could be given as input; it has "
                f"{', '.join(sorted(schema.tag_layers)) or 'none'}",
                "inputs",
            )
        super().__init__(len(tags), size)
        self.layer = layer
        self.tags = tuple(tags)
        self._ids = {tag: index for index, tag in enumerate(tags)}

    def ids(self, sentence: Sentence) -> NDArray[np.int16]:
        """Ids of the sentence's gold tags, (T,).

        Raises:
            DataError: the sentence does not have the layer, or a tag is not known.
        """
        shown = " ".join(sentence.words)[:80]
        tags = sentence.tags.get(self.layer)
        if tags is None and sentence.words:
            raise DataError(
                f"the model reads the gold layer {self.layer!r} as input, in prediction too, and "
                f"{shown!r} has none; give sentences with this layer, or train without `inputs`"
            )
        unknown = sorted({*(tags or ())} - {*self._ids})
        if unknown:
            raise DataError(
                f"the tag {unknown[0]!r} (layer {self.layer}) of {shown!r} is not known to the "
                f"model; it knows {', '.join(self.tags[:20])}"
            )
        return np.array([self._ids[tag] for tag in tags or ()], np.int16)

    def adapted(self, schema: Schema) -> GoldTags:
        """New vectors for another schema: kept tags keep theirs, new ones are new."""
        new = GoldTags(schema, self.layer, self.embedding_dim)
        new.to(self.weight.device, self.weight.dtype)
        pairs = [(index, self._ids[tag]) for tag, index in new._ids.items() if tag in self._ids]
        here, there = torch.tensor(pairs, dtype=torch.long).view(-1, 2).unbind(1)
        with torch.no_grad():
            new.weight[here] = self.weight[there]
        return new
