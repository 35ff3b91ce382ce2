"""Sentences that carry what was predicted for them in place of gold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.corpus import Corpus


def predicted_split(corpus: Corpus, info: Mapping[str, Any]) -> str:
    """The split that predictions are for.

    Args:
        info: about the predictions; ``split`` and ``corpus_fingerprint`` are looked at.

    Raises:
        DataError: they were made on another corpus, or for a split that it does not have.
    """
    split, fingerprint = info.get("split"), info.get("corpus_fingerprint")
    if fingerprint != corpus.fingerprint:
        raise DataError(
            f"the predictions were made on corpus {fingerprint}, but this is corpus "
            f"{corpus.fingerprint}; give the corpus that was predicted"
        )
    if split not in corpus.splits:
        raise DataError(
            f"the predictions are for split {split!r}; this corpus has {', '.join(corpus.splits)}"
        )
    return str(split)


def predicted_sentences(
    annotations: Sequence[Annotations], corpus: Corpus, split: str
) -> Iterator[Sentence]:
    """The sentences of a split with predicted entities, relations and tags.

    Layers of tags that were not predicted stay as they are.

    Raises:
        DataError: there are more or fewer predictions than sentences.
    """
    gold = corpus[split]
    if len(annotations) != len(gold):
        raise DataError(
            f"{len(annotations)} predicted sentences do not fit the {len(gold)} of split {split!r}"
        )
    for sentence, found in zip(gold, annotations, strict=True):
        yield replace(
            sentence,
            entities=tuple(found.entities),
            relations=tuple(found.relations),
            tags={**sentence.tags, **found.tags},
        )
