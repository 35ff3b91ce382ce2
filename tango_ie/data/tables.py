"""Sentences as Arrow tables.

One row is one sentence: ``words``, ``entities``, ``relations``, one column ``tags.<layer>`` for
each layer of word tags, ``doc_id``, ``position``, ``text``, ``offsets`` and ``text_start``. What a
sentence does not have is null. Whole batches are converted at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, repeat
from typing import Any

import numpy as np
import pyarrow as pa

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence

LAYER_PREFIX = "tags."
_STRINGS = pa.list_(pa.string())
_ENTITY = pa.struct(
    [("label", pa.string()), ("start", pa.int32()), ("end", pa.int32()), ("subtype", pa.string())]
)
_RELATION = pa.struct([("label", pa.string()), ("head", pa.int32()), ("tail", pa.int32())])
_OFFSET = pa.struct([("start", pa.int64()), ("end", pa.int64())])


def table_schema(layers: Iterable[str]) -> pa.Schema:
    """The Arrow schema of sentences with these layers of word tags."""
    return pa.schema(
        [
            ("words", _STRINGS),
            ("entities", pa.list_(_ENTITY)),
            ("relations", pa.list_(_RELATION)),
            *((LAYER_PREFIX + layer, _STRINGS) for layer in layers),
            ("doc_id", pa.string()),
            ("position", pa.int64()),
            ("text", pa.string()),
            ("offsets", pa.list_(_OFFSET)),
            ("text_start", pa.int64()),
        ]
    )


def layers_of(schema: pa.Schema) -> tuple[str, ...]:
    """The layers of word tags that a table has."""
    return tuple(
        name.removeprefix(LAYER_PREFIX) for name in schema.names if name.startswith(LAYER_PREFIX)
    )


def to_batch(sentences: Sequence[Sentence], layers: Sequence[str]) -> pa.RecordBatch:
    """The rows of sentences.

    Raises:
        DataError: a string or number that Arrow cannot hold (half of a character, beyond 64 bits).
    """
    try:
        columns = [
            _lists([sentence.words for sentence in sentences], _text),
            _lists([sentence.entities for sentence in sentences], _entities),
            _lists([sentence.relations for sentence in sentences], _relations),
            *(
                _lists([sentence.tags.get(layer) for sentence in sentences], _text)
                for layer in layers
            ),
            _text([sentence.doc_id for sentence in sentences]),
            pa.array([sentence.position for sentence in sentences], pa.int64()),
            _text([sentence.text for sentence in sentences]),
            _lists([sentence.offsets for sentence in sentences], _offsets),
            pa.array([sentence.text_start for sentence in sentences], pa.int64()),
        ]
    except (UnicodeEncodeError, OverflowError, pa.ArrowException) as error:
        if len(sentences) > 1:  # find the culprit
            for sentence in sentences:
                to_batch([sentence], layers)
        raise DataError(f"a sentence that cannot be kept ({error}): {sentences[0]!r}") from error
    return pa.RecordBatch.from_arrays(columns, schema=table_schema(layers))


def from_batch(batch: pa.RecordBatch) -> list[Sentence]:
    """The sentences of rows; the inverse of :func:`to_batch`."""
    size = batch.num_rows
    words = _tuples(batch.column("words"), _strings)
    entities = _tuples(batch.column("entities"), lambda values: _structs(values, _entity))
    relations = _tuples(batch.column("relations"), lambda values: _structs(values, Relation))
    offsets = _tuples(batch.column("offsets"), lambda values: _structs(values, _pair))
    layers = layers_of(batch.schema)
    tags = [_tuples(batch.column(LAYER_PREFIX + layer), _strings) for layer in layers]
    tag_rows: Iterable[tuple[Any, ...]] = zip(*tags, strict=True) if tags else repeat((), size)
    rows = zip(
        words,
        entities,
        relations,
        tag_rows,
        *(batch.column(name).to_pylist() for name in ("doc_id", "position", "text")),
        offsets,
        batch.column("text_start").to_pylist(),
        strict=True,
    )
    return [
        Sentence(
            row_words,
            row_entities,
            row_relations,
            {layer: row for layer, row in zip(layers, row_tags, strict=True) if row is not None},
            *rest,
        )
        for row_words, row_entities, row_relations, row_tags, *rest in rows
    ]


def list_lengths(array: pa.ListArray) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Items per list, null counting as empty; from the offsets alone."""
    lengths = np.diff(array.offsets.to_numpy()).astype(np.int64)
    if array.null_count:
        lengths[array.is_null().to_numpy(zero_copy_only=False)] = 0
    return lengths


def _text(values: Iterable[str | None]) -> pa.Array:
    return pa.array(values if isinstance(values, list) else list(values), pa.string())


def _entities(values: Iterable[Entity]) -> pa.Array:
    items = list(values)
    return _struct_array(
        _ENTITY,
        [item.label for item in items],
        [item.start for item in items],
        [item.end for item in items],
        [item.subtype for item in items],
    )


def _relations(values: Iterable[Relation]) -> pa.Array:
    items = list(values)
    return _struct_array(
        _RELATION,
        [item.label for item in items],
        [item.head for item in items],
        [item.tail for item in items],
    )


def _offsets(values: Iterable[tuple[int, int]]) -> pa.Array:
    items = list(values)
    return _struct_array(_OFFSET, [start for start, _ in items], [end for _, end in items])


def _struct_array(kind: pa.StructType, *columns: list[Any]) -> pa.Array:
    arrays = [pa.array(column, field.type) for column, field in zip(columns, kind, strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(kind))


def _lists(rows: Sequence[Sequence[Any] | None], flat: Any) -> pa.Array:
    """A list column from its rows; ``flat`` makes the column of all items."""
    ends = accumulate((0 if row is None else len(row) for row in rows), initial=0)
    values = flat(chain.from_iterable(row for row in rows if row is not None))
    missing = [row is None for row in rows]
    mask = pa.array(missing) if any(missing) else None
    return pa.ListArray.from_arrays(pa.array(ends, pa.int32()), values, mask=mask)


def _tuples(array: pa.ListArray, flat: Any) -> Iterator[tuple[Any, ...] | None]:
    """The rows of a list column; ``flat`` makes the tuple of all items."""
    if array.null_count == len(array):
        return repeat(None, len(array))
    items = flat(array.flatten())
    ends = np.cumsum(list_lengths(array)).tolist()
    rows = map(items.__getitem__, map(slice, [0, *ends[:-1]], ends))
    if not array.null_count:
        return rows
    valid = array.is_valid().to_pylist()
    return (row if there else None for row, there in zip(rows, valid, strict=True))


def _strings(array: pa.StringArray) -> tuple[str, ...]:
    # By way of a dictionary, equal strings of a batch are one object.
    encoded = array.dictionary_encode()
    distinct = encoded.dictionary.to_numpy(zero_copy_only=False)
    return tuple(distinct[encoded.indices.to_numpy()].tolist())


def _structs(array: pa.StructArray, make: Any) -> tuple[Any, ...]:
    return tuple(map(make, *map(_values, array.flatten())))


def _values(array: pa.Array) -> Iterable[Any]:
    if array.null_count == len(array):
        return repeat(None, len(array))
    if pa.types.is_string(array.type):
        return array.to_pylist() if array.null_count else _strings(array)
    return array.to_numpy().tolist()


def _entity(label: str, start: int, end: int, subtype: str | None) -> Entity:
    return Entity(label, start, end, None, subtype)


def _pair(start: int, end: int) -> tuple[int, int]:
    return start, end
