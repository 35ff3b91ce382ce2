"""Splits held against each other: sentences that occur in several, labels that training lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

from tango_ie.data.statistics import SplitStatistics
from tango_ie.data.statistics.sentence_hashes import Hashes

_EXAMPLES = 5
_MAX_TAGS = 100
_TRAIN = "train"


def compare_splits(splits: Mapping[str, SplitStatistics]) -> dict[str, Any]:
    """What a corpus as a whole should be known for.

    Args:
        splits: split name → its statistics, in the order of the corpus.

    Returns:
        JSON: ``shared_sentences``, for each pair of splits with the training split first;
        ``seen_before``, for each split but the first how many of its sentences occur in any split
        before it; ``reference``, the training split (the first where none is called ``train``);
        ``unseen``, for each other split what of its labels the reference does not have.

    >>> from tango_ie.data.annotations import Entity, Sentence
    >>> train, test = SplitStatistics(), SplitStatistics()
    >>> train.add([Sentence(("Ada",)), Sentence(("Bob",))])
    >>> test.add([Sentence(("Ada",), (Entity("PER", 0, 1),)), Sentence(("Ada",))])
    >>> found = compare_splits({"train": train, "test": test})
    >>> found["seen_before"]
    {'test': {'words': 2, 'words_and_annotations': 1}}
    >>> found["unseen"]["test"]["entities"]
    {'PER': 1}
    """
    reference = _TRAIN if _TRAIN in splits else next(iter(splits))
    order = sorted(splits, key=lambda name: name != reference)
    words = {name: splits[name].hashes.of_words for name in order}
    contents = {name: splits[name].hashes.of_words_and_annotations for name in order}
    seen_before = {
        name: {
            "words": _count(words[name], [words[other] for other in order[:place]]),
            "words_and_annotations": _count(
                contents[name], [contents[other] for other in order[:place]]
            ),
        }
        for place, name in enumerate(order)
        if place
    }
    return {
        "reference": reference,
        "shared_sentences": [
            {
                "earlier": earlier,
                "later": later,
                "words": _shared(words[earlier], words[later]),
                "words_and_annotations": _shared(contents[earlier], contents[later]),
            }
            for earlier, later in combinations(order, 2)
        ],
        "seen_before": seen_before,
        "unseen": {
            name: _unseen(splits[name], splits[reference]) for name in order if name != reference
        },
    }


def _count(hashes: Hashes, earlier: list[Hashes]) -> int:
    return int(np.count_nonzero(np.isin(hashes, np.concatenate(earlier))))


def _shared(earlier: Hashes, later: Hashes) -> dict[str, Any]:
    """Distinct sentences in both, how many sentences of the later split they are, the first few."""
    places = np.flatnonzero(np.isin(later, earlier))
    _, firsts = np.unique(later[places], return_index=True)
    return {
        "distinct": len(firsts),
        "sentences_of_later": len(places),
        "examples": np.sort(places[firsts])[:_EXAMPLES].tolist(),
    }


def _unseen(split: SplitStatistics, reference: SplitStatistics) -> dict[str, Any]:
    layers = {
        layer: _missing(tags, reference.tags.get(layer, Counter()))
        for layer, tags in sorted(split.tags.items())
    }
    return {
        "entities": _missing(split.entities, reference.entities),
        "relations": _missing(split.relations, reference.relations),
        "tags": {
            layer: {
                "distinct": len(missing),
                "words": sum(missing.values()),
                "most_frequent": dict(list(missing.items())[:_MAX_TAGS]),
            }
            for layer, missing in layers.items()
            if missing
        },
    }


def _missing(counts: Mapping[str, int], known: Mapping[str, int]) -> dict[str, int]:
    """Labels that are not known, the most frequent first."""
    missing = [(label, count) for label, count in counts.items() if label not in known]
    return dict(sorted(missing, key=lambda item: (-item[1], item[0])))
