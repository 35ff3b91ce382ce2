"""The payload read back, as the script of the browser does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.reporting.examples import ErrorMark, Example, RunPrediction

Triple = tuple[int, int, int]


def decoded(payload: dict[str, Any], seeds: Sequence[int | None]) -> list[Example]:
    """The examples of a payload; items come in the order of their places."""
    return [_example(payload, row, seeds) for row in payload["examples"]]


def _example(payload: dict[str, Any], row: list[Any], seeds: Sequence[int | None]) -> Example:
    row = [*row, *([] for _ in range(12 - len(row)))]
    index, words, document, num_entities, entities, num_relations = row[:6]
    relations, predictions, made, scores, fixed, broken = row[6:]
    items = _triples(entities), _triples(relations)
    runs = []
    for at, (variant, _) in enumerate(payload["runs"]):
        prediction = predictions[made if isinstance(made, int) else made[at]]
        places = [*prediction, *([] for _ in range(4 - len(prediction)))]
        runs.append(
            RunPrediction(
                payload["variants"][variant],
                seeds[at],
                _annotations(payload, items, places[:2], scores[at] if scores else None),
                _marks(payload["kinds"]["entities"], places[2], places[0]),
                _marks(payload["kinds"]["relations"], places[3], places[1]),
            )
        )
    return Example(
        index,
        tuple(words.split(" ") if isinstance(words, str) else words),
        None if document < 0 else payload["documents"][document],
        _annotations(payload, items, [range(num_entities), range(num_relations)], None),
        tuple(runs),
        tuple(payload["variants"][number] for number in fixed),
        tuple(payload["variants"][number] for number in broken),
    )


def _annotations(
    payload: dict[str, Any],
    items: tuple[list[Triple], list[Triple]],
    places: Sequence[Sequence[int]],
    scores: list[int] | None,
) -> Annotations:
    labels = payload["labels"]
    entity_places = list(places[0])
    confidence = [
        None if scores is None or scores[at] < 0 else scores[at] / 1000
        for at in range(len(entity_places) + len(places[1]))
    ]
    entities = []
    for place, score in zip(entity_places, confidence, strict=False):
        label, start, end = items[0][place]
        entities.append(Entity(labels["entities"][label], start, end, score))
    relations = []
    for place, score in zip(places[1], confidence[len(entity_places) :], strict=True):
        label, head, tail = items[1][place]
        ends = entity_places.index(head), entity_places.index(tail)
        relations.append(Relation(labels["relations"][label], *ends, score))
    return Annotations(tuple(entities), tuple(relations))


def _marks(kinds: list[str], flat: list[int], places: list[int]) -> tuple[ErrorMark, ...]:
    return tuple(
        ErrorMark(
            kinds[kind],
            None if gold < 0 else gold,
            None if predicted < 0 else places.index(predicted),
        )
        for kind, gold, predicted in _triples(flat)
    )


def _triples(flat: list[int]) -> list[Triple]:
    return [(flat[at], flat[at + 1], flat[at + 2]) for at in range(0, len(flat), 3)]
