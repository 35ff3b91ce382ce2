"""Sentences that occur in test taken out of train."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import derive
from tango_ie.data.sampling.drawing import content_digest, words_digest

LEAK = "sentence that occurs in another split removed"


def remove_leakage(
    corpus: Corpus,
    split: str = "train",
    occurring_in: Sequence[str] = ("test",),
    same: Literal["words", "annotations"] = "words",
    strict: bool = False,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Take the sentences out of a split that occur in others too; they are counted in notes.

    Args:
        corpus: the other splits of it stay as they are.
        split: what is taken from.
        occurring_in: the splits whose sentences must not be in it.
        same: sentences are the same if their words are, or only if their annotations are too.
        strict: such a sentence is an error.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: a split that is not there, or that is compared with itself.
        DataError: nothing is left, or (strict) a sentence is in both.
    """
    if split in occurring_in:
        raise ConfigurationError(f"{split!r} cannot be compared with itself", "occurring_in")
    known = {_digest(item, same) for name in occurring_in for item in corpus[name]}
    notes = {split: Notes(strict)}
    streams = {**corpus.splits, split: _unknown(corpus, split, known, same, notes[split])}
    record = {
        "operation": "remove_leakage",
        "split": split,
        "occurring_in": list(occurring_in),
        "same": same,
    }
    return derive(corpus, streams, record, notes, work_dir=work_dir)


def _digest(sentence: Sentence, same: str) -> str:
    return words_digest(sentence).hex() if same == "words" else content_digest(sentence)


def _unknown(
    corpus: Corpus, split: str, known: Collection[str], same: str, notes: Notes
) -> Iterator[Sentence]:
    for position, sentence in enumerate(corpus[split]):
        if _digest(sentence, same) in known:
            place = f"split {split!r}, sentence {position + 1}"
            notes.add(LEAK, " ".join(sentence.words[:12]), place)
        else:
            yield sentence
