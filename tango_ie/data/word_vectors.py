"""The vectors of a corpus' words, taken from a large file once and kept as a small result.

Legend: V words, D values per word.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file
from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.vector_files import read_vectors

_logger = logging.getLogger(__name__)
_WORDS, _VECTORS, _INFO = "words.json", "vectors.safetensors", "info.json"
_EXAMPLES = 10


@dataclass(frozen=True)
class WordVectors:
    """Words with one vector each.

    Args:
        words: all different, none of them empty.
        vectors: one row for each word.
        info: where they come from, what was noted, and how much of each split they cover (JSON).

    Shapes:
        vectors (V, D) float32
    """

    words: tuple[str, ...] = field(repr=False)
    vectors: NDArray[np.float32] = field(repr=False)
    info: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_file(cls, path: Path, strict: bool = False) -> WordVectors:
        """All vectors of a file (see :func:`read_vectors`), or a folder that :meth:`save` wrote.

        Raises:
            DataError: it holds none, or is damaged.
        """
        if path.is_dir():
            return cls.load(path)
        notes = Notes(strict)
        found = read_vectors(path, notes=notes)
        _show(notes)
        return cls(found.words, found.vectors, {"file": path.name, "notes": notes.to_json()})

    @classmethod
    def load(cls, folder: Path) -> WordVectors:
        """Read what :meth:`save` has written.

        Raises:
            DataError: it is not there, or damaged.
        """
        words, size = load_words(folder)
        try:
            vectors = load_file(folder / _VECTORS)["vectors"]
            info = json.loads((folder / _INFO).read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise DataError(
                f"holds no word vectors, or damaged ones ({error!r})", folder
            ) from error
        if vectors.shape != (len(words), size):
            raise DataError(f"{len(words)} words, but vectors of shape {vectors.shape}", folder)
        return cls(words, vectors, info)

    def save(self, folder: Path) -> None:
        """Write into a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        save_words(self.words, self.vectors.shape[1], folder)
        save_file({"vectors": np.ascontiguousarray(self.vectors)}, folder / _VECTORS)
        text = json.dumps(dict(self.info), ensure_ascii=False, indent=1)
        (folder / _INFO).write_text(text + "\n", encoding="utf-8")


class WordVectorsFormat(Format[WordVectors]):
    """Keeps :class:`WordVectors` as a step's result."""

    VERSION = "001"

    def write(self, artifact: WordVectors, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        artifact.save(Path(dir))

    def read(self, dir: PathOrStr) -> WordVectors:  # noqa: A002
        """Read what :meth:`write` has written."""
        return WordVectors.load(Path(dir))


def save_words(words: Sequence[str], size: int, folder: Path) -> None:
    """Write the words, and how long their vectors are; an archive has the vectors elsewhere."""
    text = json.dumps({"size": size, "words": list(words)}, ensure_ascii=False, indent=0)
    (folder / _WORDS).write_text(text + "\n", encoding="utf-8")


def load_words(folder: Path) -> tuple[tuple[str, ...], int]:
    """Words and D, as :func:`save_words` has written them.

    Raises:
        DataError: they are not there, or damaged.
    """
    try:
        value = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        return tuple(value["words"]), int(value["size"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"holds no words of vectors ({error!r})", folder / _WORDS) from error


def known_form(word: str, known: Container[str], lower_case: bool = True) -> str | None:
    """The form under which a word has a vector: as it stands, else in lower case, else none.

    >>> known_form("Ada", {"ada"}), known_form("Ada", {"ada"}, lower_case=False)
    ('ada', None)
    """
    if word in known:
        return word
    small = word.lower() if lower_case else word
    return small if small in known else None


def select_vectors(
    path: Path,
    corpora: Sequence[Corpus],
    splits: Sequence[str] | None = None,
    also_first: int = 0,
    strict: bool = False,
) -> WordVectors:
    """The vectors of the words of corpora, as they stand and in lower case.

    Args:
        path: a file of vectors, see :func:`read_vectors`.
        splits: of each corpus that has them; ``None`` is all.
        also_first: keep so many of the first rows of the file as well.
        strict: a row that cannot be read is an error instead of noted.

    Raises:
        DataError: no file of vectors, or none of the words is in it.
        ConfigurationError: no corpus has any of the splits.
    """
    counts = [
        ({"corpus": number, "split": name}, Counter(_words_of(corpus, name)))
        for number, corpus in enumerate(corpora)
        for name in corpus
        if splits is None or name in splits
    ]
    if not counts:
        corpora[0][(splits or ["train"])[0]]  # raises, naming the splits that are there
    wanted = {form for _, words in counts for word in words for form in (word, word.lower())}
    notes = Notes(strict)
    found = read_vectors(path, wanted, also_first, notes)
    _show(notes)
    known = set(found.words)
    if not known & wanted:
        example = ", ".join(repr(word) for word in sorted(wanted)[:3])
        raise DataError(f"has no vector for any of {len(wanted):,} words, such as {example}", path)
    coverage = [{**place, **_coverage(words, known)} for place, words in counts]
    info = {
        "file": path.name,
        "rows": found.num_rows,
        "kept": len(found.words),
        "size": found.vectors.shape[1],
        "notes": notes.to_json(),
        "coverage": coverage,
    }
    return WordVectors(found.words, found.vectors, info)


def _words_of(corpus: Corpus, split: str) -> Iterable[str]:
    return (word for sentence in corpus[split] for word in sentence.words)


def _coverage(words: Mapping[str, int], known: Container[str]) -> dict[str, Any]:
    """How many words of a split have a vector."""
    lower = [word for word in words if word not in known and word.lower() in known]
    unknown = [word for word in words if known_form(word, known) is None]
    total = sum(words.values())
    missing = sum(words[word] for word in unknown)
    _logger.info(
        "%.1f %% of %d words have a vector; %d of %d distinct words have none",
        100 * (1 - missing / max(total, 1)),
        total,
        len(unknown),
        len(words),
    )
    return {
        "words": total,
        "in_lower_case": sum(words[word] for word in lower),
        "unknown": missing,
        "distinct": len(words),
        "distinct_in_lower_case": len(lower),
        "distinct_unknown": len(unknown),
        "commonest_unknown": sorted(unknown, key=lambda word: (-words[word], word))[:_EXAMPLES],
    }


def _show(notes: Notes) -> None:
    for kind, entry in notes.to_json().items():
        _logger.warning("%s: %d, for example %s", kind, entry["count"], entry["examples"][0])
