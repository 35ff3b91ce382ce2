"""Several corpora as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import concatenated
from tango_ie.data.sampling.drawing import content_digest, words_digest

DUPLICATE = "sentence that occurs before dropped"
DISAGREEMENT = "words that occur before with other annotations"


def merge(
    corpora: Mapping[str, Corpus],
    splits: Mapping[str, Sequence[tuple[str, str]]] | None = None,
    duplicates: Literal["keep", "drop"] = "keep",
    names: Mapping[str, str] | None = None,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Join corpora; their labels are united, and document ids begin with where they come from.

    Args:
        corpora: by names of your choice.
        splits: new split → pairs of corpus and split, joined in this order. ``None`` joins the
            splits of one name, with the corpora in the order of the alphabet.
        duplicates: ``drop`` leaves out sentences whose words and annotations occurred before in
            the same new split. Words that occurred with other annotations are only counted.
        names: natural-language names of labels, where the corpora disagree on one.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: no corpus, a corpus or split that is not there, or a label that two
            corpora name differently.
    """
    if not corpora:
        raise ConfigurationError("name at least one corpus, for example {a: …, b: …}", "corpora")
    wanted = _same_names(corpora) if splits is None else {k: list(v) for k, v in splits.items()}
    if not wanted or not all(wanted.values()):
        raise ConfigurationError(
            "name at least one pair of corpus and split, for example {train: [['a', 'train']]}",
            "splits",
        )
    for pairs in wanted.values():
        for corpus, _ in pairs:
            if corpus not in corpora:
                raise ConfigurationError(
                    f"there is no corpus {corpus!r}; {near_matches(corpus, list(corpora))}",
                    "splits",
                )
    notes = {split: Notes() for split in wanted}
    streams = {
        split: _distinct(
            concatenated([(f"{name}/{part}", corpora[name][part]) for name, part in pairs]),
            split,
            duplicates == "drop",
            notes[split],
        )
        for split, pairs in wanted.items()
    }
    operation = {
        "operation": "merge",
        "splits": {split: [list(pair) for pair in pairs] for split, pairs in wanted.items()},
        "duplicates": duplicates,
        "corpora": {name: corpora[name].origin for name in sorted(corpora)},
    }
    united = _united_names(corpora, names or {})
    return Corpus.from_sentences(streams, united, notes, {"operations": [operation]}, work_dir)


def _same_names(corpora: Mapping[str, Corpus]) -> dict[str, list[tuple[str, str]]]:
    pairs: dict[str, list[tuple[str, str]]] = {}
    for name in sorted(corpora):
        for split in corpora[name]:
            pairs.setdefault(split, []).append((name, split))
    return pairs


def _distinct(
    sentences: Iterable[Sentence], split: str, drop: bool, notes: Notes
) -> Iterator[Sentence]:
    if not drop:
        yield from sentences
        return
    contents: set[str] = set()
    texts: set[bytes] = set()
    for position, sentence in enumerate(sentences):
        content, text = content_digest(sentence), words_digest(sentence)
        place = f"split {split!r}, sentence {position + 1}"
        if content in contents:
            notes.add(DUPLICATE, " ".join(sentence.words[:12]), place)
            continue
        if text in texts:
            notes.add(DISAGREEMENT, " ".join(sentence.words[:12]), place)
        contents.add(content)
        texts.add(text)
        yield sentence


def _united_names(corpora: Mapping[str, Corpus], given: Mapping[str, str]) -> dict[str, str]:
    united: dict[str, str] = {}
    for corpus in sorted(corpora):
        for label, name in corpora[corpus].schema.names.items():
            if label not in given and united.setdefault(label, name) != name:
                raise ConfigurationError(
                    f"{label!r} is called {united[label]!r} in one corpus and {name!r} in "
                    f"{corpus!r}; say which with `names`, or map the labels apart",
                    "corpora",
                )
    return {**united, **given}
