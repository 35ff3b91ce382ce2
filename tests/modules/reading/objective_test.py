"""Gold marks of passes, and sums over parts of a batch."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.modules.reading.objective import GoldMarks, LossSums, SpanObjective
from tango_ie.modules.reading.span_reading import ScoredSpans, SpanReading

GOLD = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 4), st.integers(0, 2), st.integers(3, 5)),
    unique=True,
)
CPU = torch.device("cpu")


@settings(max_examples=30)
@given(GOLD, st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), unique=True))
def test_marks(gold: list[tuple[int, ...]], pairs: list[tuple[int, int]]) -> None:
    table = np.array(gold, np.int64).reshape(-1, 4)
    sentences, queries = np.array(pairs, np.int64).reshape(-1, 2).T
    marks = GoldMarks.of(table, sentences, queries, 6, CPU)
    for place, pair in enumerate(pairs):
        own = [item[2:] for item in gold if item[:2] == pair]
        assert marks.spans[place].nonzero().tolist() == sorted(list(span) for span in own)
        assert marks.starts[place].nonzero().flatten().tolist() == sorted({i for i, _ in own})
        assert marks.ends[place].nonzero().flatten().tolist() == sorted({j for _, j in own})
    assert marks.spans.shape == (len(pairs), 6, 6)


def test_candidates_of_gold_are_all_between_its_starts_and_ends() -> None:
    gold = np.array([[0, 0, 0, 1], [0, 0, 3, 4]])
    marks = GoldMarks.of(gold, np.array([0, 0]), np.array([1, 0]), 5, CPU)
    words = torch.ones(2, 5, dtype=torch.bool)
    words[0, 3:] = False
    crossed = marks.candidates(SpanObjective(), words)
    assert crossed.nonzero().tolist() == [[1, 0, 1], [1, 0, 4], [1, 3, 1], [1, 3, 4]]
    everything = marks.candidates(SpanObjective(candidates="all"), words)
    assert everything.sum().item() == 9 + 25


def test_spans_are_never_backwards() -> None:
    torch.manual_seed(1)
    reading = SpanReading(6, 8, dropout=0.0)
    words = torch.randn(3, 5, 6)
    mask = torch.arange(5) < torch.tensor([[5], [2], [0]])
    scored = reading(words, words, mask, torch.ones(3, 5, 5, dtype=torch.bool) & mask[:, None])
    assert (scored.firsts <= scored.lasts).all()
    likely = (scored.starts > 0)[:, :, None] & (scored.ends > 0)[:, None, :]
    alone = reading(words, words, mask)
    for pair, first, last in zip(alone.pairs, alone.firsts, alone.lasts, strict=True):
        assert likely[pair, first, last] and mask[pair, last] and mask[pair, first]
    found = scored.found()
    assert (scored.probabilities()[found] > 0.5).all()
    assert len(found) == len(alone.found())


def test_sums_of_parts() -> None:
    torch.manual_seed(0)
    marks = GoldMarks.of(np.array([[0, 0, 1, 1]]), np.array([0, 1, 1]), np.array([0, 0, 1]), 3, CPU)
    words = torch.ones(3, 3, dtype=torch.bool)
    pairs, firsts, lasts = words.unsqueeze(2).expand(3, 3, 3).triu().nonzero().unbind(1)
    starts, ends, matches = torch.randn(3, 3), torch.randn(3, 3), torch.randn(len(pairs))
    whole = ScoredSpans(starts, ends, pairs, firsts, lasts, matches)
    sentences = torch.tensor([0, 1, 1])
    none = LossSums.none(2, CPU)
    together = none.plus(whole, marks, words, sentences)
    parts = none
    for part in (slice(0, 2), slice(2, 3)):
        here = (pairs >= part.start) & (pairs < part.stop)
        scored = ScoredSpans(
            starts[part], ends[part], pairs[here] - part.start, firsts[here], lasts[here],
            matches[here],
        )  # fmt: skip
        own = GoldMarks(*(mark[part] for mark in marks))
        parts = parts.plus(scored, own, words[part], sentences[part])
    for one, other in zip(together, parts, strict=True):
        torch.testing.assert_close(one, other)
    objective = SpanObjective(match=2.0)
    assert together.words.tolist() == [3.0, 6.0] and together.spans.tolist() == [6.0, 12.0]
    expected = sum(
        (together.starts[i] + together.ends[i]) / (3 * (i + 1))
        + 2 * together.matches[i] / (6 * (i + 1))
        for i in range(2)
    )
    torch.testing.assert_close(together.total(objective), expected / 4)
    assert none.total(objective).item() == 0
