"""Masking: the share, whole units, nothing but real sub-words, the 80/10/10 rule."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.data.masking import KEPT, MASKED, REPLACED, UNCHANGED, Masking, span_rate

Unit = Literal["subword", "word", "span"]
UNITS: tuple[Unit, ...] = ("subword", "word", "span")


def text(
    num_blocks: int, words_per_block: int, seed: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Word ids and block ids of sub-words, and the block of each word."""
    generator = np.random.default_rng(seed)
    word_ids, blocks, word = [], [], 0
    for block in range(num_blocks):
        word_ids.append(-1)
        for _ in range(words_per_block):
            word_ids.extend([word] * int(generator.integers(1, 4)))
            blocks.append(block)
            word += 1
        word_ids.append(-1)
    ids = np.array(word_ids, dtype=np.int64)
    return ids, np.array(blocks, dtype=np.int64), np.flatnonzero(ids >= 0)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("probability", [0.15, 0.4])
def test_share_and_actions(unit: Unit, probability: float) -> None:
    word_ids, blocks, _ = text(300, 90)
    masking = Masking(probability, unit)
    actions = masking.draw(word_ids, blocks, np.random.default_rng(1))
    assert (actions[word_ids < 0] == KEPT).all(), "special tokens are never guessed"
    counts = np.bincount(actions[word_ids >= 0], minlength=4) / (word_ids >= 0).sum()
    assert 1 - counts[KEPT] == pytest.approx(probability, rel=0.04)
    for action, share in [(MASKED, 0.8), (REPLACED, 0.1), (UNCHANGED, 0.1)]:
        assert counts[action] == pytest.approx(share * probability, rel=0.2)


@given(
    num_blocks=st.integers(1, 4),
    words=st.integers(1, 12),
    unit=st.sampled_from(UNITS),
    seed=st.integers(0, 99),
)
def test_units_stay_whole(num_blocks: int, words: int, unit: Unit, seed: int) -> None:
    word_ids, blocks, real = text(num_blocks, words, seed)
    masking = Masking(0.4, unit, max_span=3)
    actions = masking.draw(word_ids, blocks, np.random.default_rng(seed))
    again = masking.draw(word_ids, blocks, np.random.default_rng(seed))
    assert (actions == again).all()
    if unit == "subword":
        return
    for word in range(len(blocks)):
        pieces = actions[word_ids == word] != KEPT
        assert pieces.all() or not pieces.any()
    if unit == "span":
        # One fate for touching words of a block.
        chosen = [(int(word_ids[place]), int(actions[place])) for place in real if actions[place]]
        for (word, action), (following, other) in pairwise(chosen):
            if following - word <= 1 and blocks[word] == blocks[following]:
                assert action == other


def test_span_rate() -> None:
    assert span_rate(0.15, 0.2, 1) == pytest.approx(0.15)
    # By simulation: spans of up to ten words, mean 4.46.
    assert span_rate(0.15, 0.2, 10) == pytest.approx(0.0358, abs=0.001)


def test_no_words() -> None:
    nothing = np.array([-1, -1]), np.array([], dtype=np.int64)
    for unit in UNITS:
        actions = Masking(unit=unit).draw(*nothing, np.random.default_rng(0))
        assert actions.tolist() == [KEPT, KEPT]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"probability": 0}, "probability"),
        ({"probability": 1}, "probability"),
        ({"span_end": 0}, "span_end"),
        ({"max_span": 0}, "max_span"),
        ({"unit": "letter"}, "unit"),
    ],
)
def test_refuses_nonsense(params: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Masking, params)
