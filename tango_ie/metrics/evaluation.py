"""From predictions and the gold of a corpus to scores."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tango_ie.data.annotations import Annotations, Entity
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_split
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.entities import STRICT, count_entities
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities
from tango_ie.metrics.scores import Scores

_logger = logging.getLogger(__name__)


def evaluate(annotations: Sequence[Annotations], corpus: Corpus, info: Mapping[str, Any]) -> Scores:
    """Count the predicted entities against the gold of the corpus, strictly.

    Gold comes from the corpus alone: what a model cannot represent, and labels that it has never
    seen, count as missed. The latter are listed in the scores' info as ``unseen_labels``. Each
    wrong entity is also counted by its kind, see :mod:`tango_ie.metrics.errors`.

    Args:
        annotations: what was predicted, one for each sentence of the split, in its order.
        corpus: the corpus that was predicted on.
        info: about the predictions; ``split`` and ``corpus_fingerprint`` are checked, and
            ``entity_types``, the types that the model knows, is used where it is there.

    Raises:
        DataError: the predictions are for another corpus or split.
    """
    split = predicted_split(corpus, info)
    gold = [sentence.entities for sentence in corpus[split]]
    predicted = [sentence.entities for sentence in annotations]
    counts = count_entities(gold, predicted)
    unseen = _unseen_labels(gold, info.get("entity_types"))
    if unseen:
        shown = ", ".join(f"{label} ({number})" for label, number in unseen.items())
        _logger.warning(
            "gold of split %r has entity types that the model was not trained on; they count as "
            "missed: %s",
            split,
            shown,
        )
    table = CountTable.from_sentences(counts, corpus.schema.entity_types)
    errors = ErrorCounts.of(diagnose_entities(gold, predicted), ENTITY_ERRORS)
    return Scores(STRICT, table, {**info, "unseen_labels": unseen}, errors)


def _unseen_labels(gold: Iterable[Iterable[Entity]], known: Iterable[str] | None) -> dict[str, int]:
    """Gold types that the model does not know, with the number of their entities."""
    if known is None:
        return {}
    found = Counter(entity.label for entities in gold for entity in {*entities})
    return {label: found[label] for label in sorted({*found} - {*known})}
