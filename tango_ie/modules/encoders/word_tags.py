"""Words by their tags in a layer of the corpus, such as parts of speech.

Legend: B batch, T words, D size of a tag's vector.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.ranges import check_at_least
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.word_ids import WordIdBatch, WordIdFeatures, collate_ids


@Encoder.register("tango_ie::word_tags")
class WordTags(Encoder):
    """A learned vector for each tag of a layer; to stand beside other encoders in ``concat``.

    Source: the authors' code of PMEI, which has one of 10 numbers for parts of speech; their paper
    does not speak of it. The tags are those that the sentences bring along, in prediction too:
    gold where the corpus has gold, otherwise what a tagger has written. An encoder does not see the
    corpus, so that its tags are named here.

    Args:
        layer: of the sentences' word tags.
        tags: all that may occur, in any order.
        size: D, at least 1.

    Shapes:
        returns (B, T, D)

    Raises:
        ConfigurationError: no tags, a tag twice, or a size below one.
    """

    def __init__(self, tags: list[str], layer: str = "pos", size: int = 10) -> None:
        super().__init__()
        check_at_least(1, size=size)
        twice = sorted(tag for tag, count in Counter(tags).items() if count > 1)
        if not tags or twice:
            found = f"{twice[0]!r} twice" if twice else "none"
            raise ConfigurationError(f"expected tags, each once, found {found}", "tags")
        self.layer = layer
        self.tags = tuple(sorted(tags))
        self.output_size = size
        self.vectors = nn.Embedding(len(tags), size)
        self._ids = {tag: place for place, tag in enumerate(self.tags)}

    def encode(self, sentences: Sequence[Sentence]) -> list[WordIdFeatures]:
        """See :meth:`Encoder.encode`.

        Raises:
            DataError: a sentence without the layer, or with a tag that was not named.
        """
        return [WordIdFeatures(np.array(self._numbers(item), np.int32)) for item in sentences]

    def collate(self, features: Sequence[WordIdFeatures]) -> WordIdBatch:
        """See :meth:`Encoder.collate`."""
        return collate_ids(features)

    def forward(self, batch: WordIdBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        vectors: Tensor = self.vectors(batch.ids)  # (B, T, D)
        vectors = vectors.masked_fill(~batch.word_mask.unsqueeze(-1), 0.0)
        return vectors.float()

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        return {
            "type": "tango_ie::word_tags",
            "tags": list(self.tags),
            "layer": self.layer,
            "size": self.output_size,
        }

    def _numbers(self, sentence: Sentence) -> list[int]:
        tags = sentence.tags.get(self.layer, ())
        shown = " ".join(sentence.words)[:80]
        if sentence.words and not tags:
            raise DataError(
                f"the encoder reads the layer of tags {self.layer!r}, in prediction too, and "
                f"{shown!r} has none; it has {', '.join(sorted(sentence.tags)) or 'no layers'}"
            )
        unknown = next((tag for tag in tags if tag not in self._ids), None)
        if unknown is not None:
            raise DataError(
                f"the tag {unknown!r} (layer {self.layer}) of {shown!r} is not among the encoder's "
                f"tags: {', '.join(self.tags[:20])}"
            )
        return [self._ids[tag] for tag in tags]
