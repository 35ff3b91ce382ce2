"""From scores to spans, against loops over all cells."""

from __future__ import annotations

from itertools import product

import pytest
import torch

from tango_ie.data.annotations import Entity
from tango_ie.modules.queries.found import FoundSpans, find_runs, find_spans
from tango_ie.modules.queries.settings import Overlaps

LABELS = ("A", "B")


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.9])
def test_spans(threshold: float) -> None:
    torch.manual_seed(0)
    logits = torch.randn(2, 2, 5, 5) * 3
    sizes = [5, 3]
    exists = torch.zeros(2, 1, 5, 5, dtype=torch.bool)
    for row, size in enumerate(sizes):
        exists[row, 0, :size, :size] = torch.ones(size, size, dtype=torch.bool).triu()
    found = find_spans(logits, exists, threshold, first=3)
    wanted = {
        (row, label + 3, start, last)
        for row, label, start, last in product(range(2), range(2), range(5), range(5))
        if start <= last < sizes[row] and logits[row, label, start, last].sigmoid() > threshold
    }
    assert {tuple(cell) for cell in found.cells.tolist()} == wanted
    for (row, label, start, last), score in zip(found.cells.tolist(), found.scores, strict=True):
        assert score == logits[row, label - 3, start, last].sigmoid()


def test_runs() -> None:
    chances = torch.tensor([[[0.9, 0.7, 0.2, 0.6], [0.1, 0.1, 0.1, 0.1]]])
    mask = torch.tensor([[True, True, True, False]])
    found = find_runs(chances.logit(), mask, 0.5, first=0)
    assert found.cells.tolist() == [[0, 0, 0, 1]]
    assert found.scores.tolist() == pytest.approx([0.8])
    whole = find_runs(chances.logit(), mask | True, 0.5, first=1)
    assert whole.cells.tolist() == [[0, 1, 0, 1], [0, 1, 3, 3]]
    assert find_runs(chances[:, :, :0], mask[:, :0], 0.5, 0).cells.shape == (0, 4)


@pytest.mark.parametrize(
    ("overlaps", "kept"),
    [("keep", [0, 1, 2, 3]), ("drop", [0, 3]), ("drop_crossing", [0, 1, 3])],
)
def test_annotations(overlaps: Overlaps, kept: list[int]) -> None:
    entities = [Entity("A", 0, 4), Entity("B", 1, 3), Entity("A", 3, 6), Entity("B", 0, 2)]
    cells = torch.tensor([[2, 1, 0, 1], [0, 0, 3, 5], [0, 1, 1, 2], [0, 0, 0, 3]])
    spans = FoundSpans(cells, torch.tensor([0.6, 0.7, 0.8, 0.9]))
    whole = FoundSpans.joined([spans, FoundSpans(cells[:0], torch.zeros(0))])
    found = whole.to_annotations(3, LABELS, overlaps)
    assert [set(item.entities) for item in found] == [
        {entities[place] for place in kept if place < 3},
        set(),
        {entities[3]},
    ]
    assert found[2].entities[0].score == pytest.approx(0.6)
    starts = [entity.start for entity in found[0].entities]
    assert starts == sorted(starts)
