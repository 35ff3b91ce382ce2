"""Predictions: what a model found in the sentences of a split, as JSON lines.

The first line says where the predictions come from; then there is one line per sentence.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation

_FILE = "predictions.jsonl"
_KIND = "tango_ie predictions"


@dataclass(frozen=True)
class Predictions:
    """Annotations in the order of the sentences.

    Args:
        info: plain JSON: ``archive`` (the archive's own info), ``history`` (of its training, see
            :func:`tango_ie.training.read_history.training_curves`), ``entity_types`` and
            ``relation_types`` that the model predicts, ``split``, ``corpus_fingerprint``,
            ``seconds``, ``sentences``, ``sentences_per_second``, ``device``, ``precision``.
    """

    annotations: Sequence[Annotations]
    info: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.annotations)


class PredictionsFormat(Format[Predictions]):
    """``predictions.jsonl``; scores are rounded to six decimals."""

    VERSION = "001"

    def write(self, artifact: Predictions, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        header = {"kind": _KIND, "sentences": len(artifact), "info": dict(artifact.info)}
        with Path(dir, _FILE).open("w", encoding="utf-8") as stream:
            _write_line(stream, header)
            for annotations in artifact.annotations:
                _write_line(stream, _to_record(annotations))

    def read(self, dir: PathOrStr) -> Predictions:  # noqa: A002
        """Read what :meth:`write` has written.

        Raises:
            DataError: the file is cut short or not one of ours; names the line.
        """
        path = Path(dir, _FILE)
        with path.open(encoding="utf-8") as stream:
            lines = _parsed_lines(stream, path)
            header = next(lines, {})
            if header.get("kind") != _KIND:
                raise DataError("not a file of predictions", path, 1)
            annotations = []
            for number, record in enumerate(lines, start=2):
                try:
                    annotations.append(_from_record(record))
                except (KeyError, TypeError, ValueError) as error:
                    raise DataError(f"not a prediction: {error!r}", path, number) from error
        if len(annotations) != header["sentences"]:
            raise DataError(
                f"cut short: {len(annotations)} of {header['sentences']} sentences are there; "
                "run the step again",
                path,
            )
        return Predictions(annotations, header["info"])


def _to_record(annotations: Annotations) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if annotations.entities:
        record["entities"] = [
            [entity.label, entity.start, entity.end, _rounded(entity.score)]
            for entity in annotations.entities
        ]
    if annotations.relations:
        record["relations"] = [
            [relation.label, relation.head, relation.tail, _rounded(relation.score)]
            for relation in annotations.relations
        ]
    if annotations.tags:
        record["tags"] = {layer: list(tags) for layer, tags in annotations.tags.items()}
    return record


def _from_record(record: Mapping[str, Any]) -> Annotations:
    return Annotations(
        entities=tuple(Entity(*item) for item in record.get("entities", ())),
        relations=tuple(Relation(*item) for item in record.get("relations", ())),
        tags={layer: tuple(tags) for layer, tags in record.get("tags", {}).items()},
    )


def _rounded(score: float | None) -> float | None:
    return None if score is None else round(score, 6)


def _write_line(stream: TextIO, record: Mapping[str, Any]) -> None:
    stream.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def _parsed_lines(stream: TextIO, path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(stream, start=1):
        try:
            record = json.loads(line)
        except ValueError as error:
            raise DataError(f"not JSON: {error}", path, number) from error
        if not isinstance(record, dict):
            raise DataError("expected a JSON object", path, number)
        yield record
