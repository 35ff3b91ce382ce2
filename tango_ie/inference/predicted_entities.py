"""The second half of a pipeline: a corpus of predicted entities, and its predictions brought back.

A model of relations between given entities predicts on sentences that carry what a tagger has
found. That is another corpus than the one whose gold both are scored against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_sentences, predicted_split
from tango_ie.data.sampling.deriving import derive
from tango_ie.inference.predictions import Predictions

_FIRST, _SECOND = "entities", "relations"
_SUMS = ("train_seconds", "steps", "num_parameters", "num_trainable_parameters")


def predicted_entities(
    predictions: Predictions, corpus: Corpus, work_dir: str | Path | None = None
) -> Corpus:
    """The split that was predicted, with predicted entities in place of gold, without relations.

    Other splits are left out: their gold would be taken for predictions. A corpus keeps no
    confidences; :func:`join_predictions` puts them back. Predicted layers of tags replace gold's;
    layers that were not predicted stay gold's.

    Args:
        predictions: made on the corpus; its relations are dropped.
        corpus: with the gold.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        DataError: the predictions are for another corpus.
    """
    split = predicted_split(corpus, predictions.info)

    def sentences() -> Iterator[Sentence]:
        for sentence in predicted_sentences(predictions.annotations, corpus, split):
            yield replace(sentence, relations=())

    operation = {
        "operation": "predicted_entities",
        "of": corpus.fingerprint,
        "split": split,
        "relations_dropped": sum(len(found.relations) for found in predictions.annotations),
    }
    return derive(corpus, {split: sentences()}, operation, work_dir=work_dir)


def join_predictions(entities: Predictions, relations: Predictions) -> Predictions:
    """What both models of a pipeline have found, as predictions on the original corpus.

    Entities, with their confidences, and tags are those of the first model, relations those of the
    second. In the info times and numbers of parameters are those of both together, and ``archive``
    has under ``parts`` what each archive says. There is no history: the second model's dev scores
    are on gold entities.

    Args:
        entities: on the original corpus; their relations are dropped.
        relations: on the corpus that :func:`predicted_entities` has made of them.

    Raises:
        DataError: the relations are between other entities.
    """
    splits = entities.info.get("split"), relations.info.get("split")
    if splits[0] != splits[1] or len(entities) != len(relations):
        raise DataError(
            f"the relations are of {len(relations)} sentences of split {splits[1]!r}, the entities "
            f"of {len(entities)} of split {splits[0]!r}; predict relations on what the step "
            "predicted_entities has made of these entities"
        )
    annotations = []
    pairs = zip(entities.annotations, relations.annotations, strict=True)
    for number, (first, second) in enumerate(pairs, start=1):
        if tuple(first.entities) != tuple(second.entities):
            raise DataError(
                f"sentence {number}: the relations are between {_shown(second.entities)}, but the "
                f"entities are {_shown(first.entities)}; predict relations on what the step "
                "predicted_entities has made of these entities"
            )
        annotations.append(Annotations(first.entities, second.relations, first.tags))
    return Predictions(annotations, _joined_info(entities.info, relations.info))


def _joined_info(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    info = {
        **{key: value for key, value in first.items() if key not in ("archive", "history")},
        "archive": _joined_archive(first.get("archive", {}), second.get("archive", {})),
        "history": None,
        "relation_types": second.get("relation_types", []),
    }
    seconds = _sum(first.get("seconds"), second.get("seconds"))
    info["seconds"] = seconds
    info["sentences_per_second"] = info.get("sentences", 0) / seconds if seconds else None
    for key in ("device", "precision"):
        info[key] = _listed(first.get(key), second.get(key))
    return info


def _joined_archive(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """What both say alike, the sums of what both cost, and each for itself."""
    joined: dict[str, Any] = _common(first, second)
    for key in _SUMS:
        joined[key] = _sum(first.get(key), second.get(key))
    joined["device"] = _listed(first.get("device"), second.get("device"))
    one, other = first.get("made_from"), second.get("made_from")
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        joined["made_from"] = _side_by_side(one, other)
    joined["parts"] = {_FIRST: dict(first), _SECOND: dict(second)}
    return joined


def _common(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in first.items() if key in second and second[key] == value}


def _side_by_side(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Both configs: what they have in common once, the rest under the names of both halves."""
    joined = _common(first, second)
    for key in (*first, *(key for key in second if key not in first)):
        if key not in joined:
            joined[key] = {
                name: half[key]
                for name, half in ((_FIRST, first), (_SECOND, second))
                if key in half
            }
    return joined


def _sum(*values: float | None) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _listed(*values: Any) -> Any:
    distinct = list(dict.fromkeys(value for value in values if value is not None))
    return distinct[0] if len(distinct) == 1 else ", ".join(map(str, distinct)) or None


def _shown(entities: Sequence[Entity]) -> str:
    shown = [f"{one.label} [{one.start}, {one.end})" for one in entities[:5]]
    more = len(entities) - len(shown)
    return (", ".join(shown) or "none") + (f" and {more} more" if more > 0 else "")
