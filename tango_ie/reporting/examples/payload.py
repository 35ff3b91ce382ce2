"""Payload: examples as the compact JSON that the script of the browser reads.

The object has ``variants`` (names, baseline first), ``runs`` (``[variant, name]`` each),
``labels`` and ``kinds`` (names of ``entities`` and of ``relations``), ``documents`` (ids), and
``examples``. Everything else is numbers: the place of a name in its list. An example is an array;
what is empty at its end is left out:

====  ==============================================================================================
 0    index of the sentence
 1    words, joined by blanks; an array of words where one of them contains a blank
 2    document, -1 for none
 3    number of gold entities, which are the first of the next
 4    entities, all that gold or a run has, each once: label, start, end, label, start, end, …
 5    number of gold relations, which are the first of the next
 6    relations: label, head, tail, label, …; head and tail are places in 4, counted in entities
 7    predictions that differ, each ``[entities, relations, entity errors, relation errors]``: the
      places of items; an error is three numbers: kind, gold item, predicted item (-1 for none)
 8    which prediction each run made: an array, or one number where all made the same
 9    scores in thousandths, one array per run, entities before relations in the order of its
      prediction, -1 for none; 0 where no run has scores
 10   variants that fix it
 11   variants that break it
====  ==============================================================================================
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations
from tango_ie.reporting.examples.example import ErrorMark, Example, RunKey

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

_THOUSAND = 1000

# "<" ends or opens elements and comments; the separators end lines in old engines; a lone surrogate
# cannot be encoded.
_UNSAFE = re.compile("[<>&\u2028\u2029\ud800-\udfff]")


def payload(examples: Sequence[Example]) -> dict[str, Any]:
    """The examples as an object of JSON.

    Raises:
        DataError: examples have different runs, or name a variant that has none.
    """
    keys = [run.key for run in examples[0].runs] if examples else []
    variants, documents = Numbers(variant for variant, _ in keys), Numbers()
    packing = _Packing()
    rows: list[list[Any]] = []
    for example in examples:
        _check_runs(example, keys, variants)
        text = " ".join(example.words)
        words = text if text.split(" ") == list(example.words) else list(example.words)
        document = -1 if example.doc_id is None else documents.add(example.doc_id)
        row = [example.index, words, document, *packing.pack(example)]
        row.append([variants.add(name) for name in example.fixed_by])
        row.append([variants.add(name) for name in example.broken_by])
        rows.append(_trimmed(row))
    return {
        "variants": variants.names,
        "runs": _run_names(keys, variants),
        "labels": {"entities": packing.labels[0].names, "relations": packing.labels[1].names},
        "kinds": {"entities": packing.kinds[0].names, "relations": packing.kinds[1].names},
        "documents": documents.names,
        "examples": rows,
    }


def embedded(value: object) -> str:
    r"""JSON that can stand inside a ``<script>`` element, whatever strings it contains.

    >>> embedded({"text": "</script>"})
    '{"text":"\\u003c/script\\u003e"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


class Numbers:
    """Numbers for names, in the order in which they are met."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._numbers: dict[str, int] = {}
        for name in names:
            self.add(name)

    def __contains__(self, name: str) -> bool:
        return name in self._numbers

    def add(self, name: str) -> int:
        """The number of a name, a new one where it is new."""
        return self._numbers.setdefault(name, len(self._numbers))

    @property
    def names(self) -> list[str]:
        """All names, each at the place of its number."""
        return list(self._numbers)


class _Packing:
    """Items as numbers; labels and kinds are numbered over all examples."""

    def __init__(self) -> None:
        self.labels = (Numbers(), Numbers())
        self.kinds = (Numbers(), Numbers())

    def pack(self, example: Example) -> list[Any]:
        """Columns 3 to 9 of an example."""
        entities: dict[tuple[int, ...], int] = {}
        relations: dict[tuple[int, ...], int] = {}
        gold = self._places(example.gold, entities, relations)
        num_gold = len(entities), len(relations)
        predictions: dict[str, int] = {}
        packed: list[list[Any]] = []
        numbers: list[int] = []
        scores: list[list[int]] = []
        for run in example.runs:
            found = self._places(run.annotations, entities, relations)
            # Sorted by item, so that runs that predict the same in another order are equal.
            best = [_best(*pair) for pair in zip(found, _scores(run.annotations), strict=True)]
            errors = [
                self._errors(which, marks, gold[which], found[which])
                for which, marks in enumerate((run.entity_errors, run.relation_errors))
            ]
            prediction = _trimmed([*(list(items) for items in best), *errors])
            number = predictions.setdefault(json.dumps(prediction), len(predictions))
            if number == len(packed):
                packed.append(prediction)
            numbers.append(number)
            scores.append([score for items in best for score in items.values()])
        return [
            num_gold[0],
            [number for key in entities for number in key],
            num_gold[1],
            [number for key in relations for number in key],
            packed,
            numbers[0] if numbers and len(packed) == 1 else numbers,
            scores if any(score >= 0 for run in scores for score in run) else 0,
        ]

    def _places(
        self,
        annotations: Annotations,
        entities: dict[tuple[int, ...], int],
        relations: dict[tuple[int, ...], int],
    ) -> tuple[list[int], list[int]]:
        """The place of each entity and relation among those of the example; new ones are added."""
        places = []
        for entity in annotations.entities:
            key = (self.labels[0].add(entity.label), entity.start, entity.end)
            places.append(entities.setdefault(key, len(entities)))
        related = []
        for relation in annotations.relations:
            key = (
                self.labels[1].add(relation.label),
                places[relation.head],
                places[relation.tail],
            )
            related.append(relations.setdefault(key, len(relations)))
        return places, related

    def _errors(
        self, which: int, marks: Sequence[ErrorMark], gold: list[int], predicted: list[int]
    ) -> list[int]:
        triples = {
            (
                self.kinds[which].add(mark.kind),
                -1 if mark.gold is None else gold[mark.gold],
                -1 if mark.predicted is None else predicted[mark.predicted],
            )
            for mark in marks
        }
        # In the order of the items, missing ones last.
        ordered = sorted(triples, key=lambda triple: [place % (1 << 31) for place in triple[1:]])
        return [number for triple in ordered for number in triple]


def _scores(annotations: Annotations) -> tuple[list[int], list[int]]:
    entities, relations = (
        [_thousandths(item.score) for item in items]
        for items in (annotations.entities, annotations.relations)
    )
    return entities, relations


def _thousandths(score: float | None) -> int:
    return -1 if score is None or not math.isfinite(score) else round(_THOUSAND * score)


def _best(places: list[int], scores: list[int]) -> dict[int, int]:
    """Each item once, with its highest score."""
    found: dict[int, int] = {}
    for place, score in sorted(zip(places, scores, strict=True)):
        found[place] = score
    return found


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] == []:
        row.pop()
    return row


def _check_runs(example: Example, keys: list[RunKey], variants: Numbers) -> None:
    found = [run.key for run in example.runs]
    if found != keys:
        raise DataError(
            f"sentence {example.index} has the runs {_shown(found)}, the first one {_shown(keys)}; "
            "all sentences need the same runs in the same order"
        )
    for name in (*example.fixed_by, *example.broken_by):
        if name not in variants:
            raise DataError(
                f"sentence {example.index} is said to be changed by {name!r}, "
                f"but the variants are {', '.join(variants.names)}"
            )


def _shown(keys: list[RunKey]) -> str:
    return ", ".join(f"{variant} (seed {seed})" for variant, seed in keys) or "none"


def _run_names(keys: list[RunKey], variants: Numbers) -> list[tuple[int, str]]:
    """Variant and name of each run; no two runs of a variant share a name."""
    names: list[tuple[int, str]] = []
    for variant, seed in keys:
        number = variants.add(variant)
        place = 1 + sum(1 for other, _ in names if other == number)
        name = f"run {place}" if seed is None else str(seed)
        names.append((number, f"{name} (run {place})" if (number, name) in names else name))
    return names
