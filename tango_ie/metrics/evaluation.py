"""From predictions and the gold of a corpus to scores."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_split
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.entities import STRICT, count_entities
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS, diagnose_entities
from tango_ie.metrics.relation_rules import Ends
from tango_ie.metrics.rule_counting import (
    calibration_of,
    entity_tables,
    relation_tables,
    tag_tables,
)
from tango_ie.metrics.scores import Scores

_TRAIN = "train"
_WHERE = f"the corpus's split {_TRAIN!r}"
_logger = logging.getLogger(__name__)


def evaluate(
    annotations: Sequence[Annotations],
    corpus: Corpus,
    info: Mapping[str, Any],
    symmetric: Collection[str] = (),
    relation_ends: Ends = "strict",
) -> Scores:
    """Count what was predicted against the gold of the corpus.

    The main rule is the strict one for entities; the tables of the scores hold what the others say,
    about entities, about relations where the model predicts such, and about the layers of tags that
    were predicted. Entities of the split ``train``, where the corpus has one, are told apart from
    those that do not occur in it.

    Gold comes from the corpus alone: what a model cannot represent, and labels that it has never
    seen, count as missed. The latter are listed in the scores' info as ``unseen_labels``. Each
    wrong entity is also counted by its kind, see :mod:`tango_ie.metrics.errors`.

    Args:
        annotations: what was predicted, one for each sentence of the split, in its order.
        corpus: the corpus that was predicted on.
        info: about the predictions; ``split`` and ``corpus_fingerprint`` are checked;
            ``entity_types``, the types that the model knows, is used where it is there, and so is
            ``relation_types``: a model has some if it predicts relations, even where it finds none.
        symmetric: relation types without a direction.
        relation_ends: what the first of the rules for relations looks at of head and tail.

    Raises:
        ConfigurationError: ``symmetric`` has what is no relation type of the corpus.
        DataError: the predictions are for another corpus or split, or have confidences that are no
            probabilities.
    """
    split = predicted_split(corpus, info)
    _check_symmetric(symmetric, corpus)
    sentences = corpus[split].sentences()
    gold = [sentence.entities for sentence in sentences]
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
    schema = corpus.schema
    training = corpus[_TRAIN] if _TRAIN in corpus and split != _TRAIN else None
    tables = entity_tables(sentences, annotations, schema.entity_types, training, _WHERE)
    labels = schema.relation_types
    # A tagger on a corpus with relations does not miss them: it was never meant to find any.
    if (labels and info.get("relation_types")) or any(found.relations for found in annotations):
        tables += relation_tables(sentences, annotations, labels, symmetric, relation_ends)
    tables += tag_tables(sentences, annotations, schema)
    return Scores(
        STRICT,
        CountTable.from_sentences(counts, schema.entity_types),
        {**info, "unseen_labels": unseen},
        ErrorCounts.of(diagnose_entities(gold, predicted), ENTITY_ERRORS),
        tuple(tables),
        calibration_of(gold, predicted),
        documents=_documents(sentences),
    )


def _documents(sentences: Iterable[Sentence]) -> tuple[int, ...] | None:
    """The documents of sentences, numbered as they come; ``None`` unless all are of one."""
    names = [sentence.doc_id for sentence in sentences]
    if None in names:
        return None
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return tuple(numbers[name] for name in names)


def _unseen_labels(gold: Iterable[Iterable[Entity]], known: Iterable[str] | None) -> dict[str, int]:
    """Gold types that the model does not know, with the number of their entities."""
    if known is None:
        return {}
    found = Counter(entity.label for entities in gold for entity in {*entities})
    return {label: found[label] for label in sorted({*found} - {*known})}


def _check_symmetric(symmetric: Collection[str], corpus: Corpus) -> None:
    unknown = {*symmetric} - {*corpus.schema.relation_types}
    if isinstance(symmetric, str) or unknown:
        raise ConfigurationError(
            f"expected relation types of the corpus ({', '.join(corpus.schema.relation_types)}), "
            f"found {symmetric!r}",
            "symmetric",
        )
