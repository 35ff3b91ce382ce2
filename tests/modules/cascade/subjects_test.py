"""Subjects and the words of their sentences against loops."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.cascade.subjects import Subjects

# Words of each sentence, and for each subject a first word and a length.
SENTENCES = st.lists(
    st.integers(0, 5).flatmap(
        lambda size: st.tuples(
            st.just(size),
            st.lists(st.tuples(st.integers(0, 9), st.integers(1, 4)), max_size=3 * (size > 0)),
        )
    ),
    max_size=5,
)


def make(sentences: list[tuple[int, list[tuple[int, int]]]]) -> Subjects:
    firsts, lasts, start = [], [], 0
    for size, spans in sentences:
        for first, length in spans:
            first %= size
            firsts.append(start + first)
            lasts.append(start + min(first + length, size) - 1)
        start += size
    lengths, counts = [one for one, _ in sentences], [len(spans) for _, spans in sentences]
    return Subjects.of(lengths, counts, torch.tensor(firsts).long(), torch.tensor(lasts).long())


@given(SENTENCES, st.integers(1, 12))
def test_slices_are_all_pairs(
    sentences: list[tuple[int, list[tuple[int, int]]]], size: int
) -> None:
    subjects = make(sentences)
    expected, start, number = [], 0, 0
    for length, spans in sentences:
        for _ in spans:
            expected += [(number, start + word) for word in range(length)]
            number += 1
        start += length
    parts = [*subjects.slices(size)]
    pairs = [
        pair
        for part in parts
        for pair in zip(part.subjects.tolist(), part.words.tolist(), strict=True)
    ]
    assert pairs == expected and len(subjects) == number
    for part in parts:
        assert len(part.words) <= size or len({*part.subjects.tolist()}) == 1


@given(SENTENCES)
def test_vectors_are_means(sentences: list[tuple[int, list[tuple[int, int]]]]) -> None:
    subjects = make(sentences)
    words = torch.randn(sum(size for size, _ in sentences), 3, dtype=torch.float64)
    spans = zip(subjects.firsts.tolist(), subjects.lasts.tolist(), strict=True)
    rows = [
        (words[first : last + 1].mean(0), (words[first] + words[last]) / 2) for first, last in spans
    ]
    for place, which in enumerate(("mean", "ends")):
        found = subjects.vectors(words, which)
        assert found.shape == (len(rows), 3)
        for one, row in zip(found, rows, strict=True):
            assert torch.allclose(one, row[place])


@given(SENTENCES, st.integers(0, 100))
def test_one_subject_is_drawn_of_each_sentence(
    sentences: list[tuple[int, list[tuple[int, int]]]], seed: int
) -> None:
    torch.manual_seed(seed)
    subjects = make(sentences)
    drawn, places = subjects.one_each()
    assert drawn.counts == tuple(min(len(spans), 1) for _, spans in sentences)
    assert drawn.siblings.tolist() == [1] * len(drawn)
    for own, place in zip(zip(drawn.firsts, drawn.lasts, strict=True), places, strict=True):
        assert own == (subjects.firsts[place], subjects.lasts[place])
    owners = [row for row, (_, spans) in enumerate(sentences) for _ in spans]
    assert [owners[place] for place in places.tolist()] == [
        row for row, (_, spans) in enumerate(sentences) if spans
    ]


def test_all_are_drawn_alike() -> None:
    torch.manual_seed(0)
    subjects = make([(4, [(0, 1), (1, 1), (3, 1)])])
    counts = torch.bincount(torch.cat([subjects.one_each()[1] for _ in range(900)]))
    assert (counts > 250).all() and len(counts) == 3
