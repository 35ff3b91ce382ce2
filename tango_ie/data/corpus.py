"""Corpora: named splits of sentences with a schema, kept as Arrow and mapped into memory."""

from __future__ import annotations

import copy
import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.building import TableBuilder
from tango_ie.data.leakage import compare_splits
from tango_ie.data.notes import Notes
from tango_ie.data.schema import Schema
from tango_ie.data.split import Split

_FORMAT_VERSION = 2
# Jsonnet sorts the keys of an object, which would put train last.
_USUAL_ORDER = ("train", "dev", "valid", "validation", "val", "test")
T = TypeVar("T")
_SPLIT_NAME = re.compile(r"\w[\w-]*")


def in_usual_order(splits: Mapping[str, T]) -> dict[str, T]:
    """The same splits: train, dev and test first, then the others as they come.

    >>> list(in_usual_order({"dev": 1, "extra": 2, "train": 3}))
    ['train', 'dev', 'extra']
    """
    last = len(_USUAL_ORDER)
    place = {name: index for index, name in enumerate(_USUAL_ORDER)}
    return dict(sorted(splits.items(), key=lambda item: place.get(item[0], last)))


class Corpus:
    """Named splits with their common schema.

    Made by :meth:`from_sentences` or :meth:`load`.

    >>> corpus = Corpus.from_sentences({"train": [Sentence(("Ada", "wrote"))]})
    >>> corpus
    Corpus(train: 1)
    >>> corpus["train"][0].words
    ('Ada', 'wrote')
    """

    def __init__(
        self,
        splits: Mapping[str, Split],
        schema: Schema,
        statistics: Mapping[str, Any],
        fingerprint: str,
        origin: Mapping[str, Any] | None = None,
        comparison: Mapping[str, Any] | None = None,
    ) -> None:
        self._splits = dict(splits)
        self._schema = schema
        self._statistics = copy.deepcopy(dict(statistics))
        self._fingerprint = fingerprint
        self._origin = copy.deepcopy(dict(origin or {}))
        self._comparison = copy.deepcopy(dict(comparison or {}))
        self._folder: Path | None = None

    @classmethod
    def from_sentences(
        cls,
        splits: Mapping[str, Iterable[Sentence]],
        names: Mapping[str, str] | None = None,
        notes: Mapping[str, Notes] | None = None,
        origin: Mapping[str, Any] | None = None,
        work_dir: str | Path | None = None,
    ) -> Corpus:
        """Take the sentences of each split, one at a time: iterators of any length will do.

        Scores of entities and relations are not kept: what a corpus holds is gold.

        Args:
            splits: split name → sentences.
            names: natural-language names of labels, see :class:`Schema`.
            notes: what was repaired in each split; goes into the statistics.
            origin: where the sentences come from, as JSON; does not enter the fingerprint.
            work_dir: for the parts of large splits, see :class:`TableBuilder`.

        Raises:
            DataError: no split, an empty split or sentence, or an impossible split name.
        """
        if not splits:
            raise DataError("a corpus needs at least one split")
        tables, statistics, digests, schema = {}, {}, {}, Schema(names=dict(names or {}))
        counted = {}
        for name, sentences in in_usual_order(splits).items():
            if not _SPLIT_NAME.fullmatch(name):
                raise DataError(f"{name!r} cannot name a split: only letters, digits, '_' and '-'")
            builder = TableBuilder(name, Path(work_dir) if work_dir is not None else None)
            tables[name] = Split(name, builder.build(sentences))
            counts = counted[name] = builder.statistics
            statistics[name] = counts.to_json((notes or {}).get(name))
            digests[name] = builder.digest
            layers = {layer: tuple(sorted(tags)) for layer, tags in sorted(counts.tags.items())}
            found = Schema(tuple(sorted(counts.entities)), tuple(sorted(counts.relations)), layers)
            schema = schema.merge(found)
        fingerprint, comparison = _fingerprint(digests, schema), compare_splits(counted)
        return cls(tables, schema, statistics, fingerprint, origin, comparison)

    @classmethod
    def load(cls, folder: PathOrStr) -> Corpus:
        """Open a saved corpus; its sentences stay on disk until they are read.

        Raises:
            DataError: no corpus lies there, or it is damaged or of another version.
        """
        folder = Path(folder).absolute()
        head = _read_json(folder / "corpus.json")
        if head.get("format_version") != _FORMAT_VERSION:
            raise DataError(
                f"has the format version {head.get('format_version')}, this tango_ie reads "
                f"{_FORMAT_VERSION}; convert the corpus again",
                folder / "corpus.json",
            )
        splits = {}
        for name, size in head["splits"].items():
            splits[name] = Split.open(name, folder / name)
            if len(splits[name]) != size:
                raise DataError(
                    f"has {len(splits[name])} sentences instead of {size}; convert it again",
                    folder / name,
                )
        statistics = _read_json(folder / "statistics.json")
        if statistics.keys() != {"splits", "comparison"}:
            raise DataError(
                "does not hold the statistics of this tango_ie; convert the corpus again",
                folder / "statistics.json",
            )
        corpus = cls(
            splits,
            Schema.from_json(_read_json(folder / "schema.json")),
            statistics["splits"],
            head["fingerprint"],
            head["origin"],
            statistics["comparison"],
        )
        corpus._folder = folder
        return corpus

    def save(self, folder: PathOrStr) -> None:
        """Write the corpus into a new or empty folder.

        Raises:
            DataError: something lies there already.
        """
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise DataError("is not empty; a corpus needs a folder of its own", folder)
        for name, split in self._splits.items():
            split.save(folder / name, fingerprint=f"{self._fingerprint}-{name}")
        _write_json(folder / "schema.json", self._schema.to_json())
        _write_json(
            folder / "statistics.json",
            {"splits": self._statistics, "comparison": self._comparison},
        )
        # Written last: a folder without it is no corpus.
        _write_json(
            folder / "corpus.json",
            {
                "format_version": _FORMAT_VERSION,
                "fingerprint": self._fingerprint,
                "splits": {name: len(split) for name, split in self._splits.items()},
                "origin": self._origin,
            },
        )

    @property
    def splits(self) -> Mapping[str, Split]:
        """Split name → split: train, dev and test, then others in the order of the conversion."""
        return MappingProxyType(self._splits)

    @property
    def schema(self) -> Schema:
        """The labels that occur in any split."""
        return self._schema

    @property
    def statistics(self) -> dict[str, Any]:
        """Counts for each split, see :class:`tango_ie.data.statistics.SplitStatistics`."""
        return copy.deepcopy(self._statistics)

    @property
    def comparison(self) -> dict[str, Any]:
        """The splits held against each other, see :func:`tango_ie.data.leakage.compare_splits`."""
        return copy.deepcopy(self._comparison)

    @property
    def folder(self) -> Path | None:
        """Where the corpus lies on disk, if it has been loaded from there."""
        return self._folder

    @property
    def origin(self) -> dict[str, Any]:
        """Where the sentences come from."""
        return copy.deepcopy(self._origin)

    @property
    def fingerprint(self) -> str:
        """Hash of the content; the same sentences have the same, however they are stored."""
        return self._fingerprint

    def __getitem__(self, name: str) -> Split:
        if name not in self._splits:
            near = difflib.get_close_matches(str(name), self._splits, n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ConfigurationError(
                f"the corpus has no split {name!r}, it has {', '.join(self._splits)}{hint}"
            )
        return self._splits[name]

    def __contains__(self, name: object) -> bool:
        return name in self._splits

    def __iter__(self) -> Iterator[str]:
        return iter(self._splits)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}: {len(split)}" for name, split in self._splits.items())
        return f"Corpus({sizes})"


@Format.register("tango_ie::corpus")
class CorpusFormat(Format[Corpus]):
    """Keeps a :class:`Corpus` as a step's result."""

    VERSION = "002"

    def write(self, artifact: Corpus, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        artifact.save(dir)

    def read(self, dir: PathOrStr) -> Corpus:  # noqa: A002
        """Open the folder; the sentences stay there."""
        return Corpus.load(dir)


def _fingerprint(digests: Mapping[str, str], schema: Schema) -> str:
    content = {"splits": dict(sorted(digests.items())), "names": dict(sorted(schema.names.items()))}
    return hashlib.blake2b(json.dumps(content).encode(), digest_size=20).hexdigest()


def _read_json(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise DataError("does not exist; the folder holds no complete corpus", path) from error
    except (OSError, ValueError) as error:
        raise DataError(f"cannot be read: {error}", path) from error
    if not isinstance(value, dict):
        raise DataError("is not a JSON object", path)
    return value


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
