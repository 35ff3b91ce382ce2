"""From a stream of sentences to a table, in bounded memory."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pyarrow as pa

from tango_ie.core.errors import DataError, WorkspaceError
from tango_ie.data.annotations import Sentence
from tango_ie.data.records import to_json_line
from tango_ie.data.statistics import SplitStatistics
from tango_ie.data.tables import table_schema, to_batch

_BATCH_SENTENCES = 1000
_BATCH_WORDS = 100_000
_MEMORY_BYTES = 64 << 20


class TableBuilder:
    """Gathers the sentences of one split.

    Small splits stay in memory. Larger ones are moved, part by part, to files that are mapped and
    at once unlinked: they vanish with the process, however it ends.

    Args:
        name: of the split, for errors.
        folder: for the parts of large splits; ``None`` is the system's temporary folder.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.name = name
        self.folder = folder
        self.statistics = SplitStatistics()
        self._digest = hashlib.blake2b(digest_size=20)
        self._waiting: list[Sentence] = []
        self._waiting_words = 0
        self._batches: list[pa.RecordBatch] = []
        self._parts: list[pa.Table] = []

    def build(self, sentences: Iterable[Sentence]) -> pa.Table:
        """The table of all sentences.

        Raises:
            DataError: no sentence, or one without words.
            WorkspaceError: the folder for parts cannot be written to.
        """
        for sentence in sentences:
            if not sentence.words:
                raise DataError(
                    f"sentence {self.statistics.sentences + len(self._waiting) + 1} "
                    f"of split {self.name!r} has no words"
                )
            self._digest.update(to_json_line(sentence).encode("utf-8", "surrogatepass") + b"\n")
            self._waiting.append(sentence)
            self._waiting_words += len(sentence.words)
            if len(self._waiting) >= _BATCH_SENTENCES or self._waiting_words >= _BATCH_WORDS:
                self._convert_waiting()
        if self._waiting:
            self._convert_waiting()
        if not self.statistics.sentences:
            raise DataError(f"split {self.name!r} holds no sentence")
        return self._join([*self._parts, *self._tables()])

    @property
    def digest(self) -> str:
        """Hash of the sentences, whatever the sizes of batches and parts."""
        return self._digest.hexdigest()

    def _convert_waiting(self) -> None:
        layers = sorted({layer for sentence in self._waiting for layer in sentence.tags})
        batch = to_batch(self._waiting, layers)
        self.statistics.add(self._waiting, batch)
        self._batches.append(batch)
        self._waiting, self._waiting_words = [], 0
        if sum(batch.nbytes for batch in self._batches) >= _MEMORY_BYTES:
            self._parts.append(_moved_to_disk(self._join(self._tables()), self.folder))
            self._batches = []

    def _tables(self) -> list[pa.Table]:
        return [pa.Table.from_batches([batch]) for batch in self._batches]

    def _join(self, tables: list[pa.Table]) -> pa.Table:
        """One table; layers that a part of it lacks are null there."""
        layers = sorted(self.statistics.tags)
        joined = pa.concat_tables(tables, promote_options="default")
        order = [name for name in table_schema(layers).names if name in joined.schema.names]
        return joined.select(order)


def _moved_to_disk(table: pa.Table, folder: Path | None) -> pa.Table:
    path: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(
            prefix="tango_ie-", suffix=".arrow", dir=folder, delete=False
        ) as file:
            path = Path(file.name)
            with pa.ipc.new_stream(file, table.schema) as writer:
                writer.write_table(table)
        return pa.ipc.open_stream(pa.memory_map(str(path))).read_all()
    except OSError as error:
        place = folder or tempfile.gettempdir()
        raise WorkspaceError(
            f"a part of a large corpus cannot be written to {place} ({error.strerror or error}); "
            "make room there, or name another folder in the environment variable TMPDIR"
        ) from error
    finally:
        if path is not None:
            with suppress(OSError):  # where a mapped file cannot be unlinked, it stays
                path.unlink()
