"""One split of a corpus: a sequence of sentences over an Arrow table."""

from __future__ import annotations

import json
import operator
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, SupportsIndex, overload

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.tables import from_batch, list_lengths

if TYPE_CHECKING:
    import datasets

_FILE = "data-00000-of-00001.arrow"  # the name that `datasets` gives to a single file
_BATCH_BYTES = 4 << 20


class Split(Sequence[Sentence]):
    """The sentences of one split, read from Arrow when they are asked for.

    Each access makes new :class:`Sentence` objects: the corpus itself cannot be changed through
    them. For many passes over the sentences, keep :meth:`sentences`.

    Args:
        name: of the split.
        table: its rows, see :mod:`tango_ie.data.tables`.
        folder: where ``datasets`` has saved it, if it has.
    """

    def __init__(self, name: str, table: pa.Table, folder: Path | None = None) -> None:
        self.name = name
        self.folder = folder
        self._table = table
        self._batches = [batch for batch in table.to_batches() if batch.num_rows]
        self._starts = list(accumulate((batch.num_rows for batch in self._batches), initial=0))
        self._num_words: NDArray[np.int64] | None = None

    @classmethod
    def open(cls, name: str, folder: Path) -> Split:
        """Map a saved split into memory; costs the same for any size.

        Raises:
            DataError: the files are missing or damaged.
        """
        files = sorted(folder.glob("*.arrow"))
        try:
            tables = [pa.ipc.open_stream(pa.memory_map(str(file))).read_all() for file in files]
        except (OSError, pa.ArrowException) as error:
            raise DataError(f"is damaged ({error}); convert the corpus again", folder) from error
        if not tables:
            raise DataError("holds no Arrow files; convert the corpus again", folder)
        return cls(name, pa.concat_tables(tables), folder)

    def __len__(self) -> int:
        return self._starts[-1]

    @overload
    def __getitem__(self, index: SupportsIndex) -> Sentence: ...

    @overload
    def __getitem__(self, index: slice) -> list[Sentence]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Sentence | list[Sentence]:
        if isinstance(index, slice):
            places = range(*index.indices(len(self)))
            if not places:
                return []
            first, last = sorted((places[0], places[-1]))
            part = self._table.slice(first, last + 1 - first)
            items = [item for batch in part.to_batches() for item in from_batch(batch)]
            return [items[place - first] for place in places]
        place = operator.index(index)
        place += len(self) if place < 0 else 0
        if not 0 <= place < len(self):
            raise IndexError(f"sentence {index} of a split of {len(self)}")
        batch = bisect_right(self._starts, place) - 1
        return from_batch(self._batches[batch].slice(place - self._starts[batch], 1))[0]

    def __iter__(self) -> Iterator[Sentence]:
        for batch in self._batches:
            yield from from_batch(batch)

    def __reduce__(self) -> tuple[object, ...]:
        # Mapped data go to another process by their place, not by value.
        if self.folder is not None:
            return Split.open, (self.name, self.folder)
        return Split, (self.name, self._table)

    def __repr__(self) -> str:
        return f"Split({self.name!r}, {len(self)} sentences)"

    def sentences(self) -> list[Sentence]:
        """All sentences as objects in memory."""
        return list(self)

    @property
    def num_words(self) -> NDArray[np.int64]:
        """Words of each sentence, without making sentences. Shape (sentences,)."""
        if self._num_words is None:
            self._num_words = np.concatenate(
                [list_lengths(batch.column("words")) for batch in self._batches]
            )
            self._num_words.flags.writeable = False
        return self._num_words

    @property
    def dataset(self) -> datasets.Dataset:
        """The same rows as a :class:`datasets.Dataset`."""
        # Imported here because it takes seconds, and opening a corpus does not need it.
        import datasets

        if self.folder is not None:
            return datasets.Dataset.load_from_disk(str(self.folder))
        features = datasets.Features.from_arrow_schema(self._table.schema)
        table = datasets.table.InMemoryTable(self._table.cast(features.arrow_schema))
        info = datasets.DatasetInfo(features=features)
        return datasets.Dataset(table, info=info, fingerprint=f"in-memory-{id(self)}")

    def save(self, folder: Path, fingerprint: str) -> None:
        """Write what ``datasets.load_from_disk`` and :meth:`open` read.

        Args:
            folder: new or empty.
            fingerprint: identifies the content to the cache of ``datasets``.
        """
        import datasets

        folder.mkdir(parents=True, exist_ok=True)
        features = datasets.Features.from_arrow_schema(self._table.schema)
        with pa.ipc.new_stream(str(folder / _FILE), features.arrow_schema) as writer:
            for table in _in_larger_batches(self._batches):
                writer.write_table(table.cast(features.arrow_schema))
        datasets.DatasetInfo(features=features).write_to_directory(str(folder))
        # Not Dataset.save_to_disk(): its batches of 1,000 rows make opening cost more with size.
        state: dict[str, object] = {
            "_data_files": [{"filename": _FILE}],
            "_fingerprint": fingerprint,
            "_format_columns": None,
            "_format_kwargs": {},
            "_format_type": None,
            "_output_all_columns": False,
            "_split": None,
        }
        (folder / "state.json").write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


def _in_larger_batches(batches: Sequence[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The same rows in batches of about ``_BATCH_BYTES``: few to open, small to hold."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(part.nbytes for part in waiting) >= _BATCH_BYTES:
            yield pa.Table.from_batches(waiting).combine_chunks()
            waiting = []
    if waiting:
        yield pa.Table.from_batches(waiting).combine_chunks()
