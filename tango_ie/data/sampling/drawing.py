"""Sentences or documents in an order that the seed and their content decide, not the file.

Every unit gets a key: a hash of the seed, of what is drawn for, and of its words. Units with the
same words are told apart by how often these have occurred, so that copies are scattered like any
other sentences. Annotations play no part in the order, except among copies: a draw that does not
look at types takes the same sentences before and after labels were mapped or overlaps removed.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.reading import near_matches
from tango_ie.data.annotations import Sentence
from tango_ie.data.records import to_record

UnitKind = Literal["sentence", "document"]
Counted = Literal["entities", "relations"]
_PLACE = ("doc_id", "position", "text", "offsets", "text_start")


@dataclass(frozen=True, slots=True)
class Unit:
    """A sentence or a document, reduced to what drawing needs.

    Args:
        positions: zero-based places of its sentences in what was drawn from.
        counts: mentions of each label.
        words: hash of its words.
        digest: hash of its words and annotations, not of its place.
        key: uniform in all 16-byte strings; units are drawn in the order of their keys.
    """

    positions: tuple[int, ...]
    counts: Mapping[str, int]
    words: bytes
    digest: str
    key: bytes = b""


def draw(
    parts: Sequence[Iterable[Sentence]],
    seed: int,
    purpose: str,
    by: UnitKind = "sentence",
    of: Counted = "entities",
) -> list[Unit]:
    """All units in their drawn order; memory grows with their number, not with their text.

    Args:
        parts: what is drawn from; positions run through all parts. Documents end with their part.
        seed: of the order.
        purpose: orders for different purposes have nothing to do with each other.
        by: what is drawn as a whole.
        of: what is counted.

    Raises:
        DataError: documents are asked for, and a sentence belongs to none.
    """
    single = _sentences(parts, of, by)
    units = [unit for _, unit in single] if by == "sentence" else _documents(single)
    copies: Counter[bytes] = Counter()
    keyed = []
    for unit in sorted(units, key=lambda unit: (unit.words, unit.digest, unit.positions)):
        salt = f"{seed} {purpose} {copies[unit.words]} ".encode()
        copies[unit.words] += 1
        key = hashlib.blake2b(salt + unit.words, digest_size=16).digest()
        keyed.append(replace(unit, key=key))
    return sorted(keyed, key=lambda unit: unit.key)


def content_digest(sentence: Sentence) -> str:
    """Hash of words and annotations: what identifies a sentence wherever it lies.

    >>> content_digest(Sentence(("Ada",), doc_id="1")) == content_digest(Sentence(("Ada",)))
    True
    """
    record = to_record(sentence)
    return hash_of({key: record[key] for key in record if key not in _PLACE}).hex()


def words_digest(sentence: Sentence) -> bytes:
    """Hash of the words alone."""
    return hash_of(sentence.words)


def totals(units: Iterable[Unit]) -> dict[str, int]:
    """Mentions of each label in all units, labels sorted."""
    counts: Counter[str] = Counter()
    for unit in units:
        counts.update(unit.counts)
    return dict(sorted(counts.items()))


def check_labels(asked: Iterable[str], known: Iterable[str], argument: str) -> None:
    """Refuse labels that do not occur.

    Raises:
        ConfigurationError: names the label, and the one that was probably meant.
    """
    known = set(known)
    for label in asked:
        if label not in known:
            raise ConfigurationError(
                f"{label!r} is no label of the corpus; {near_matches(label, known)}", argument
            )


def _sentences(
    parts: Sequence[Iterable[Sentence]], of: Counted, by: UnitKind
) -> Iterator[tuple[Hashable, Unit]]:
    position = 0
    known: dict[tuple[tuple[str, int], ...], dict[str, int]] = {}  # most sentences share theirs
    for part, sentences in enumerate(parts):
        for sentence in sentences:
            if by == "document" and sentence.doc_id is None:
                raise DataError(
                    f"sentence {position + 1} belongs to no document; draw by sentence, or read "
                    f"the documents with the corpus: {' '.join(sentence.words[:12])}"
                )
            annotated = sentence.entities if of == "entities" else sentence.relations
            counts = Counter(item.label for item in annotated)
            shared = tuple(sorted(counts.items()))
            yield (
                (part, sentence.doc_id),
                Unit(
                    (position,),
                    known.setdefault(shared, dict(shared)),
                    words_digest(sentence),
                    content_digest(sentence),
                ),
            )
            position += 1


def _documents(sentences: Iterable[tuple[Hashable, Unit]]) -> list[Unit]:
    gathered: dict[Hashable, list[Unit]] = {}
    for document, unit in sentences:
        gathered.setdefault(document, []).append(unit)
    return [
        Unit(
            tuple(position for unit in units for position in unit.positions),
            totals(units),
            hash_of(sorted(unit.words.hex() for unit in units)),
            hash_of(sorted(unit.digest for unit in units)).hex(),
        )
        for units in gathered.values()
    ]


def hash_of(value: object) -> bytes:
    """Hash of a JSON value, the same on every machine."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=8).digest()
