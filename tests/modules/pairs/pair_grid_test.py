"""The grid in slices against the whole grid: loss, gradients, maxima, cells."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.pairs.grid_functions import Side
from tango_ie.modules.pairs.pair_grid import MEGABYTE, PairGrid
from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout

LENGTHS = (3, 1, 0, 5, 2)
NUM_WORDS = sum(LENGTHS)
LABELS = ("a", "b", "c", "d")


def make(
    pairs_of_a_slice: int = 7, lengths: Sequence[int] = LENGTHS, self_pairs: bool = False
) -> tuple[PairGrid, Tensor, PairLayout, GoldCells]:
    """A grid with random weights in float64, words, their layout, and some true cells."""
    torch.manual_seed(0)
    grid = PairGrid(6, LABELS, 5, self_pairs).double()
    for parameter in grid.parameters():
        torch.nn.init.normal_(parameter, std=0.7)
    size = grid.labels.in_features
    per_pair = 8 * 2 * (size + len(LABELS)) + size + 4 * 8
    grid.memory = (pairs_of_a_slice + 0.5) * per_pair / MEGABYTE
    assert grid.pairs_of_a_slice(torch.device("cpu"), 8) == pairs_of_a_slice
    words = torch.randn(sum(lengths), 6, dtype=torch.float64, requires_grad=True)
    cells = []
    for length in lengths:
        own = torch.rand(length, length, len(LABELS)) < 0.2
        own[range(length), range(length)] &= self_pairs
        cells.append(own.nonzero().int().numpy())
    return grid, words, PairLayout.of(lengths), GoldCells.of(cells, lengths)


def dense(
    grid: PairGrid, words: Tensor, layout: PairLayout, gold: GoldCells, sides: Sequence[Side]
) -> tuple[Tensor, Tensor]:
    """Sentence by sentence, every pair concatenated, as in the paper."""
    weight = torch.cat([grid.heads.weight, grid.tails.weight], dim=1)  # (M, 2 H)
    losses, highest = [words.new_zeros(())], []
    start = 0
    for length in layout.lengths:
        own = words[start : start + length]
        heads = own.unsqueeze(1).expand(length, length, -1)
        tails = own.unsqueeze(0).expand(length, length, -1)
        both = torch.cat([heads, tails], dim=-1)
        logits = grid.labels(torch.relu(both @ weight.t() + grid.heads.bias))  # (T, T, L)
        exists = torch.ones(length, length, dtype=torch.bool)
        if not grid.self_pairs:
            exists = ~torch.eye(length, dtype=torch.bool)
        true = torch.zeros_like(logits)
        for head, tail, label in gold.cells.tolist():
            if start <= head < start + length:
                true[head - start, tail - start, label] = 1
        entropy = torch.nn.functional.binary_cross_entropy_with_logits
        losses.append(entropy(logits[exists], true[exists], reduction="sum"))
        shown = logits.sigmoid() * exists.unsqueeze(-1)
        if length:
            parts = [shown.amax(1 if side == "head" else 0) for side in sides]
            highest.append(torch.cat(parts, dim=-1))
        start += length
    return torch.stack(losses).sum(), torch.cat(highest)


@pytest.mark.parametrize("self_pairs", [False, True])
@pytest.mark.parametrize("pairs", [1, 7, 12, 1000])
def test_the_loss_in_slices_is_that_of_the_whole_grid(pairs: int, self_pairs: bool) -> None:
    grid, words, layout, gold = make(pairs, self_pairs=self_pairs)
    inputs = [words, *grid.parameters()]
    expected = dense(grid, words, layout, gold, ("head",))[0]
    found = grid.loss(words, layout, gold)
    assert found.item() == pytest.approx(expected.item(), rel=1e-12)
    wanted = torch.autograd.grad(3 * expected, inputs)
    for one, other in zip(torch.autograd.grad(3 * found, inputs), wanted, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("self_pairs", [False, True])
@pytest.mark.parametrize("sides", [("head",), ("head", "tail")])
@pytest.mark.parametrize("pairs", [1, 7, 12, 1000])
def test_maxima_in_slices_are_those_of_the_whole_grid(
    pairs: int, sides: tuple[Side, ...], self_pairs: bool
) -> None:
    grid, words, layout, gold = make(pairs, self_pairs=self_pairs)
    inputs = [words, *grid.parameters()]
    loss, highest = dense(grid, words, layout, gold, sides)
    found_loss, found = grid.pooled(words, layout, gold, sides)
    assert found_loss.item() == pytest.approx(loss.item(), rel=1e-12)
    assert torch.allclose(found, highest, atol=1e-12)
    factors = torch.randn_like(highest)
    wanted = torch.autograd.grad(0.3 * loss + (factors * highest).sum(), inputs)
    gradients = torch.autograd.grad(0.3 * found_loss + (factors * found).sum(), inputs)
    for one, other in zip(gradients, wanted, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


def test_maxima_without_gold() -> None:
    grid, words, layout, gold = make()
    inputs = [words, *grid.parameters()]
    loss, found = grid.pooled(words, layout, None)
    assert loss.item() == 0
    highest = dense(grid, words, layout, gold, ("head",))[1]
    assert torch.allclose(found, highest)
    wanted = torch.autograd.grad(highest.square().sum(), inputs)
    for one, other in zip(torch.autograd.grad(found.square().sum(), inputs), wanted, strict=True):
        assert torch.allclose(one, other, atol=1e-12)


def test_words_that_are_alike_share_one_gradient() -> None:
    """Of cells that are equally high one is followed, whatever the slices."""
    grid, _, layout, gold = make(lengths=(4,))
    words = torch.ones(4, 6, dtype=torch.float64, requires_grad=True)
    gradients = []
    for pairs in (4, 1000):
        grid.memory = make(pairs)[0].memory
        found = grid.pooled(words, layout, gold, ("head", "tail"))[1]
        gradients.append(torch.autograd.grad(found.sum(), words)[0])
    assert torch.equal(*gradients)
    highest = dense(grid, words, layout, gold, ("head", "tail"))[1]
    wanted = torch.autograd.grad(highest.sum(), words)[0]
    assert torch.allclose(gradients[0].sum(0), wanted.sum(0))


def test_a_word_alone_has_no_partner() -> None:
    grid, words, layout, gold = make(lengths=(1,))
    loss, highest = grid.pooled(words, layout, gold)
    assert loss.item() == 0 and highest.tolist() == [[0.0] * 4]
    (loss + highest.sum()).backward()
    assert not words.grad.any()
    assert grid.find(words, layout, 0.01).heads.tolist() == []


@pytest.mark.parametrize("lengths", [(), (0,), (0, 0)])
def test_no_words(lengths: tuple[int, ...]) -> None:
    grid, words, layout, gold = make(lengths=lengths)
    loss, highest = grid.pooled(words, layout, gold)
    assert loss.item() == 0 and highest.shape == (0, 4)
    assert grid.loss(words, layout, gold).item() == 0
    assert all(column.shape == (0,) for column in grid.find(words, layout, 0.5))


@given(st.lists(st.integers(0, 6), max_size=6), st.integers(1, 40), st.floats(0.05, 0.95))
def test_cells_against_a_loop(lengths: list[int], pairs: int, threshold: float) -> None:
    grid, words, layout, _ = make(pairs, lengths)
    found = grid.find(words, layout, threshold)
    expected = {}
    start = 0
    for length in lengths:
        for head in range(start, start + length):
            for tail in range(start, start + length):
                hidden = torch.relu(grid.heads(words[head]) + grid.tails(words[tail]))
                for label, score in enumerate(grid.labels(hidden).sigmoid().tolist()):
                    if head != tail and score > threshold:
                        expected[head, tail, label] = score
        start += length
    cells = zip(*(column.tolist() for column in found[:3]), strict=True)
    assert dict(zip(cells, found.scores.tolist(), strict=True)) == pytest.approx(expected)


@given(st.lists(st.integers(0, 6), max_size=6), st.integers(1, 40))
def test_slices_are_whole_rows_and_hold_every_pair_once(lengths: list[int], pairs: int) -> None:
    layout = PairLayout.of(lengths)
    assert layout.num_words == len(layout.starts)
    seen, next_row = [], 0
    for part in layout.slices(pairs):
        assert part.first == next_row < part.last
        next_row = part.last
        assert len(part.heads) <= pairs or part.last == part.first + 1
        assert len(part.heads) == sum(piece.rows * piece.columns for piece in part.pieces)
        assert part.heads[part.diagonal].tolist() == [*range(part.first, part.last)]
        assert torch.equal(part.heads[part.diagonal], part.tails[part.diagonal])
        seen += [*zip(part.heads.tolist(), part.tails.tolist(), strict=True)]
    assert next_row == layout.num_words
    bounds = [0, *torch.tensor(lengths, dtype=torch.long).cumsum(0).tolist()]
    assert seen == [
        (head, tail)
        for start, stop in pairwise(bounds)
        for head in range(start, stop)
        for tail in range(start, stop)
    ]


def test_slices_fit_into_the_memory_or_into_a_cache() -> None:
    grid = PairGrid(8, LABELS, 100, memory=100)
    of_a_pair = 4 * 2 * (100 + 4) + 100 + 32
    assert grid.pairs_of_a_slice(torch.device("cuda")) == 100 * MEGABYTE // of_a_pair
    assert grid.pairs_of_a_slice(torch.device("cpu")) == 8 * MEGABYTE // of_a_pair
    assert PairGrid(8, LABELS, 100, memory=1e-6).pairs_of_a_slice(torch.device("cpu")) == 1


def test_adapting_keeps_labels() -> None:
    grid, words, layout, _ = make()
    other = grid.adapted(("d", "e", "b"))
    before, after = (one.find(words, layout, 0.001) for one in (grid, other))
    for label, old in ((0, 3), (2, 1)):
        assert torch.equal(after.scores[after.labels == label], before.scores[before.labels == old])
    assert other.labels.weight.dtype == torch.float64


def test_without_gradients_none_are_made() -> None:
    grid, words, layout, gold = make()
    with torch.no_grad():
        assert not grid.loss(words, layout, gold).requires_grad
        assert grid.loss(words, layout, gold) == make()[0].loss(words, layout, gold)


def test_autocast_computes_the_grid_in_full() -> None:
    grid, words, layout, gold = make()
    grid, words = grid.float(), words.detach().float().requires_grad_()
    with torch.autocast("cpu", torch.bfloat16):
        early, highest = grid.pooled(words, layout, gold)
        loss = grid.loss(words, layout, gold)
    assert early.dtype == loss.dtype == highest.dtype == torch.float32
    assert loss.item() == pytest.approx(grid.loss(words, layout, gold).item(), rel=0.02)
    (early + loss + highest.sum()).backward()
    assert words.grad.isfinite().all()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((4, (), 3), "needs relation types"),
        ((4, LABELS, 0), "size: must be at least 1"),
        ((4, LABELS, 3, False, 0), "memory: must be more than 0"),
    ],
)
def test_arguments_that_cannot_work(arguments: tuple, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        PairGrid(*arguments)
