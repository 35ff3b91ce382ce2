"""What decides whether two sentences have the same vectors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tango_ie.modules.encoders.encoded_corpus import content_digest, words_digest
from tango_ie.modules.encoders.subwords import SubwordFeatures
from tango_ie.modules.encoders.windows import plan_windows


def test_digest() -> None:
    item = SubwordFeatures(
        pieces=np.arange(8, dtype=np.int32),
        word_sizes=np.array([1, 2], np.int32),
        windows=plan_windows(3, 20, 5),
        cost=10,
        left=3,
        right=2,
    )
    others = [
        replace(item, pieces=np.arange(1, 9, dtype=np.int32)),
        replace(item, word_sizes=np.array([2, 1], np.int32)),
        replace(item, word_sizes=np.array([3], np.int32)),
        replace(item, left=2, right=3),
        replace(item, left=0, right=5),
    ]
    digests = {content_digest(other) for other in (item, *others)}
    assert len(digests) == 6 and {len(digest) for digest in digests} == {16}
    # Neither where it lies nor how it is kept matters.
    kept = np.arange(-4, 20, dtype=np.int64)[4:12]
    assert content_digest(replace(item, pieces=kept, cost=7)) == content_digest(item)


def test_digest_of_words() -> None:
    lists = [
        [],
        [""],
        ["", ""],
        ["a", "b"],
        ["ab"],
        ["[3]a", "b"],
        ["a\0b"],
        ["a\0b", "c"],
        ["a", "b\0c"],
        ["\ud800"],
    ]
    assert len({words_digest(words) for words in lists}) == len(lists)
    assert words_digest(("a", "b")) == words_digest(["a", "b"])
