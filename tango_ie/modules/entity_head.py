"""The layer that finds entities by tagging words.

Legend: B batch, T words, L tags, N spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import TagScheme, flatten
from tango_ie.modules.tag_head import TagHead
from tango_ie.modules.tag_set import TagSet


class EntityHead(TagHead):
    """Tags of a scheme from words' vectors, and the entities that they mean.

    Only legal sequences are decoded. Each entity comes with its probability: that of its tags
    together with the event that the next word does not continue it (under the CRF the exact
    posterior).

    Tags cannot hold entities that nest or overlap. In training the longest of them are kept
    (ties: the first); what is left out is counted by :meth:`unrepresentable`.

    Args:
        input_size: H of the words' vectors.
        schema: the entity types.
        scheme: ``iob2`` or ``bioes``.
        with_crf: whether neighbouring tags are scored, too.
        strict: gold that tags cannot hold is an error.

    Shapes:
        vectors (B, T, H) float; returns logits (B, T, L) float

    Raises:
        ConfigurationError: the schema has no entity types.
    """

    def __init__(
        self,
        input_size: int,
        schema: Schema,
        scheme: TagScheme = "iob2",
        with_crf: bool = False,
        strict: bool = False,
    ) -> None:
        if not schema.entity_types:
            raise ConfigurationError("a tagger needs entity types, but the corpus has none")
        tag_set = TagSet(schema.entity_types, scheme)
        super().__init__(input_size, tag_set.tags, tag_set.allowed, with_crf)
        self.tag_set = tag_set
        self.strict = strict

    def gold(self, sentence: Sentence) -> NDArray[np.int16]:
        """See :meth:`TagHead.gold`."""
        types = self.tag_set.entity_types
        for entity in sentence.entities:
            if entity.label not in types:
                raise DataError(
                    f"the entity type {entity.label!r} of {' '.join(sentence.words)[:80]!r} is not "
                    f"known to the model; it knows {', '.join(types)}"
                )
        kept, dropped = _flatten(sentence)
        if dropped and self.strict:
            entity = dropped[0]
            raise DataError(
                f"{entity.label} [{entity.start}, {entity.end}) overlaps another entity of "
                f"{' '.join(sentence.words)[:80]!r}, which tags cannot hold; allow it with "
                "strict = false, or choose a model for nested entities"
            )
        return np.array(self.tag_set.ids(kept, len(sentence)), np.int16)

    def decode(self, logits: Tensor, mask: Tensor) -> list[Annotations]:
        """See :meth:`TagHead.decode`."""
        logits = logits.detach()
        paths = self.best_paths(logits, mask)  # (B, T)
        spans, labels = self.tag_set.spans(paths, mask)
        if self.crf is not None:
            scores = self.crf.span_posteriors(logits, mask, paths, spans, self.tag_set.joins)
        else:
            scores = self.tag_set.span_probabilities(logits, mask, paths, spans)
        entities: list[list[Entity]] = [[] for _ in range(len(mask))]
        types = self.tag_set.entity_types
        columns = (*spans, labels, scores.detach())  # (N,) each
        for sentence, start, end, label, score in zip(*(c.tolist() for c in columns), strict=True):
            entities[sentence].append(Entity(types[label], start, end, score))
        return [Annotations(entities=tuple(found)) for found in entities]

    def adapted(self, schema: Schema) -> EntityHead:
        """See :meth:`TagHead.adapted`."""
        with_crf = self.crf is not None
        new = EntityHead(self.in_features, schema, self.tag_set.scheme, with_crf, self.strict)
        return new._take(self, *new.tag_set.kept(self.tag_set))

    def _independent_paths(self, logits: Tensor, mask: Tensor) -> Tensor:
        return self.tag_set.best_paths(logits, mask)

    @staticmethod
    def unrepresentable(sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities left out of training: ``same_span``, ``nested`` or ``crossing`` a kept one."""
        reasons: Counter[str] = Counter()
        for sentence in sentences:
            kept, dropped = _flatten(sentence)
            reasons.update(_reason(entity, kept) for entity in dropped)
        return dict(sorted(reasons.items()))


def _flatten(sentence: Sentence) -> tuple[list[Entity], list[Entity]]:
    """Entities that tags can hold, and the others; mere repetitions count as held."""
    return flatten(tuple(dict.fromkeys(sentence.entities)))


def _reason(entity: Entity, kept: Sequence[Entity]) -> str:
    if any((other.start, other.end) == (entity.start, entity.end) for other in kept):
        return "same_span"
    if any(other.start <= entity.start and entity.end <= other.end for other in kept):
        return "nested"
    return "crossing"
