"""What is drawn: all gold, negatives of the right kind and number, each as often as the others."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.spans.drawn_spans import ALL, DrawnSpans
from tango_ie.modules.spans.gold import SentenceSpans
from tango_ie.modules.spans.settings import Negatives


def sentence_spans(
    spans: list[tuple[int, int, int]], relations: list[tuple[int, int, int]]
) -> SentenceSpans:
    columns = (np.array(sorted(one), np.int32).reshape(-1, 3) for one in (spans, relations))
    return SentenceSpans(*columns)


@st.composite
def batches(draw: st.DrawFn) -> tuple[list[SentenceSpans], list[int], int]:
    """Gold of some sentences, their lengths, and the width of the widest span."""
    lengths = draw(st.lists(st.integers(0, 7), max_size=4))
    width = draw(st.integers(1, 4))
    gold = []
    for length in lengths:
        every = all_spans(length, width)
        chosen = draw(st.lists(st.sampled_from(every), unique=True, max_size=4)) if every else []
        spans = [(*span, draw(st.integers(0, 2))) for span in sorted(chosen)]
        pairs = [(i, j) for i in range(len(spans)) for j in range(len(spans)) if i != j]
        cells = [(*pair, label) for pair in pairs for label in range(2)]
        relations = draw(st.lists(st.sampled_from(cells), unique=True, max_size=5)) if cells else []
        gold.append(sentence_spans(spans, relations))
    return gold, lengths, width


NEGATIVES = st.builds(
    Negatives,
    st.none() | st.integers(0, 9),
    st.none() | st.integers(0, 4),
    st.booleans(),
)


def all_spans(length: int, width: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(length) for j in range(i + 1, min(i + width, length) + 1)]


@given(batches(), NEGATIVES)
def test_what_is_drawn(
    batch: tuple[list[SentenceSpans], list[int], int], negatives: Negatives
) -> None:
    gold, lengths, width = batch
    drawn = DrawnSpans.of(gold, lengths, width, negatives)
    columns = (drawn.sentences, drawn.starts, drawn.ends, drawn.label_ids, drawn.shares)
    rows = [*zip(*(column.tolist() for column in columns), strict=True)]
    assert rows == sorted(rows) and len({row[:3] for row in rows}) == len(rows)
    pairs = [*zip(drawn.heads.tolist(), drawn.tails.tolist(), strict=True)]
    assert pairs == sorted(set(pairs))
    found = {
        (*pairs[pair], label)
        for pair, label in zip(drawn.true_pairs.tolist(), drawn.true_labels.tolist(), strict=True)
    }
    expected, longest, offset = set(), [0], 0
    for sentence, (length, own) in enumerate(zip(lengths, gold, strict=True)):
        here = [row for row in rows if row[0] == sentence]
        true = [row for row in here if row[3]]
        assert own.spans.tolist() == [
            [start - offset, end - offset, label - 1] for _, start, end, label, _ in true
        ]
        every = all_spans(length, width)
        assert all((start - offset, end - offset) in every for _, start, end, *_ in here)
        most = len(every) if negatives.spans is None else negatives.spans
        assert len(here) - len(true) == min(most, len(every) - len(true))
        assert all(row[4] == pytest.approx(1 / len(here)) for row in here)

        places = [rows.index(row) for row in true]
        related = {(places[head], places[tail]) for head, tail, _ in own.relations.tolist()}
        expected |= {(places[i], places[j], label) for i, j, label in own.relations.tolist()}
        mine = [place for place, (head, _) in enumerate(pairs) if rows[head][0] == sentence]
        partners = places if negatives.strong else [rows.index(row) for row in here]
        assert related <= {pairs[place] for place in mine}
        assert all(
            head != tail and {head, tail} <= {*partners}
            for head, tail in map(pairs.__getitem__, mine)
        )
        number = len(partners) * (len(partners) - 1) - len(related)
        most = number if negatives.pairs is None else negatives.pairs
        assert len(mine) - len(related) == min(most, number)
        assert all(
            drawn.pair_shares[place].item() == pytest.approx(1 / len(mine)) for place in mine
        )
        longest += [row[2] - row[1] for row in here]
        for place in mine:
            head, tail = (rows[end] for end in pairs[place])
            longest.append(max(head[1], tail[1]) - min(head[2], tail[2]))
        offset += length
    assert found == expected and len(found) == len(drawn.true_pairs)
    assert drawn.longest == max(longest)


GOLD = [sentence_spans([(0, 1, 0), (2, 4, 1), (5, 6, 0)], [(0, 1, 1)])]


def test_each_negative_is_as_probable() -> None:
    torch.manual_seed(0)
    turns = 3000
    drawn = DrawnSpans.of(GOLD * turns, [7] * turns, 3, Negatives(spans=5, pairs=2))
    spans = Counter(zip((drawn.starts % 7).tolist(), (drawn.ends % 7).tolist(), strict=True))
    heads, tails = (drawn.starts[ends] % 7 for ends in (drawn.heads, drawn.tails))
    pairs = Counter(zip(heads.tolist(), tails.tolist(), strict=True))
    gold = [spans.pop(span) for span in ((0, 1), (2, 4), (5, 6))]
    assert gold == [turns] * 3 and pairs.pop((0, 2)) == turns
    assert len(spans) == 18 - 3 and len(pairs) == 6 - 1
    for counts, share in ((spans, 5 / 15), (pairs, 2 / 5)):
        # Five standard deviations.
        reach = 5 * (turns * share * (1 - share)) ** 0.5
        assert all(abs(count - turns * share) < reach for count in counts.values())


def test_the_generator_decides() -> None:
    drawn = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        drawn.append(DrawnSpans.of(GOLD, [7], 3, Negatives(spans=5, pairs=1)))
    assert torch.equal(drawn[0].starts, drawn[1].starts)
    assert torch.equal(drawn[0].heads, drawn[1].heads)
    assert drawn[0].starts.tolist() != drawn[2].starts.tolist()


def test_where_all_are_taken_nothing_is_drawn() -> None:
    state = torch.random.get_rng_state()
    for negatives in (ALL, Negatives(spans=15, pairs=5)):
        drawn = DrawnSpans.of(GOLD, [7], 3, negatives)
        assert len(drawn.starts) == 18 and len(drawn.heads) == 6
    assert torch.equal(torch.random.get_rng_state(), state)


def test_no_sentences() -> None:
    drawn = DrawnSpans.of([], [], 3)
    assert len(drawn.starts) == len(drawn.heads) == drawn.longest == 0
