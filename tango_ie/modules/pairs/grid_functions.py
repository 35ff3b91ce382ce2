"""Losses and maxima over a grid of word pairs and labels that never exists as a whole.

A cell's logit is that of a label l for a pair of words (i, j), from two projections of words, with
one hidden layer:

    x_ijl = W_l · relu(a_i + b_j) + c_l

Both functions go through the grid slice by slice; what they save does not grow with it.
:class:`GridLoss` knows its gradient when it knows its loss, up to a factor, and takes it along at
once. In :class:`PooledGridLoss` the gradient of the maxima is only known on the way back, and the
grid is made again there. The functions cannot be differentiated twice.

Legend: W words, M hidden, L labels, P pairs of a slice, S sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout, PairSlice

Side = Literal["head", "tail"]


class GridWeights(NamedTuple):
    """What logits are made of.

    Shapes:
        heads, tails (W, M): a and b; labels (L, M): W; bias (L,): c
    """

    heads: Tensor
    tails: Tensor
    labels: Tensor
    bias: Tensor


class GridPlan(NamedTuple):
    """Which cells there are, and how many of them at a time.

    Args:
        layout: the pairs.
        pairs: of a slice.
        self_pairs: whether a word and itself are a pair; they else have no cells.
        gold: the true cells; without them there is no loss.
        with_gradient: whether there may be a way back. (Inside a function autograd does not say.)
    """

    layout: PairLayout
    pairs: int
    self_pairs: bool
    gold: GoldCells | None
    with_gradient: bool


class GridPart(NamedTuple):
    """One slice of the grid.

    Shapes:
        hidden (P, M), logits (P, L)
    """

    place: PairSlice
    hidden: Tensor
    logits: Tensor


def grid_parts(weights: GridWeights, plan: GridPlan) -> Iterator[GridPart]:
    """The grid, slice by slice; cells that do not exist are −∞. The caller may overwrite logits."""
    for place in plan.layout.slices(plan.pairs):
        hidden = weights.heads.index_select(0, place.heads)  # (P, M)
        hidden += weights.tails.index_select(0, place.tails)
        hidden.relu_()
        logits = torch.addmm(weights.bias, hidden, weights.labels.t())  # (P, L)
        if not plan.self_pairs:
            logits.index_fill_(0, place.diagonal, -torch.inf)
        yield GridPart(place, hidden, logits)


class GridLoss(Function):
    """Binary cross-entropy of all cells, in sum.

    Shapes:
        weights as in :class:`GridWeights`; returns ()
    """

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        *tensors, plan = arguments
        weights = GridWeights(*tensors)
        with torch.autocast(weights.heads.device.type, enabled=False):
            gradients = _zeros(weights) if _has_way_back(ctx, plan) else None
            loss = weights.bias.new_zeros(())
            for part in grid_parts(weights, plan):
                loss += _cross_entropy(part, plan)
                if gradients is not None:
                    _add_gradients(part, _error(part, plan), weights, gradients)
        if gradients is not None:
            ctx.save_for_backward(*gradients)
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, factor: Tensor) -> tuple[Tensor | None, ...]:
        return (*(gradient * factor for gradient in ctx.saved_tensors), None)


class PooledGridLoss(Function):
    """The same sum, and for each word and label its highest logit as a head or as a tail.

    A word without partners has −∞. Where several cells are highest, the first takes the gradient.

    Shapes:
        weights as in :class:`GridWeights`; returns () and (S, W, L)
    """

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> tuple[Tensor, Tensor]:
        *tensors, plan, sides = arguments
        weights = GridWeights(*tensors)
        shape = (len(sides), len(weights.heads), len(weights.bias))
        highest = weights.bias.new_full(shape, -torch.inf)  # (S, W, L)
        # The other word of the best pair.
        partners = torch.zeros(shape, dtype=torch.long, device=highest.device)
        with torch.autocast(weights.heads.device.type, enabled=False):
            loss = weights.bias.new_zeros(())
            for part in grid_parts(weights, plan):
                _pool(part, sides, highest, partners)
                if plan.gold is not None:
                    loss += _cross_entropy(part, plan)
        if _has_way_back(ctx, plan):
            ctx.save_for_backward(*weights, partners)
            ctx.plan, ctx.sides = plan, sides
        return loss, highest

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, factor: Tensor, of_highest: Tensor) -> tuple[Tensor | None, ...]:
        *tensors, partners = ctx.saved_tensors
        weights, plan = GridWeights(*tensors), ctx.plan
        gradients = _zeros(weights)
        with torch.autocast(weights.heads.device.type, enabled=False):
            for part in grid_parts(weights, plan):
                if plan.gold is None:
                    error = part.logits.zero_()
                else:
                    error = _error(part, plan).mul_(factor)
                for side, found, gradient in zip(ctx.sides, partners, of_highest, strict=True):
                    _unpool(part.place, side, found, gradient, error)
                _add_gradients(part, error, weights, gradients)
        return (*gradients, None, None)


def _has_way_back(ctx: Any, plan: GridPlan) -> bool:
    return plan.with_gradient and any(ctx.needs_input_grad)


def _zeros(weights: GridWeights) -> GridWeights:
    return GridWeights(*(torch.zeros_like(tensor) for tensor in weights))


def _cross_entropy(part: GridPart, plan: GridPlan) -> Tensor:
    """Of the cells of a slice, in sum, ()."""
    # log(1 + exp(x)) for every cell, and −x for the true ones.
    loss = torch.nn.functional.softplus(part.logits).sum()
    if plan.gold is not None:
        loss -= part.logits[plan.gold.within(part.place)].sum()
    return loss


def _error(part: GridPart, plan: GridPlan) -> Tensor:
    """The gradient of :func:`_cross_entropy`, (P, L); overwrites the logits."""
    error = part.logits.sigmoid_()
    if plan.gold is not None:
        error[plan.gold.within(part.place)] -= 1  # each cell is there once
    return error


def _add_gradients(
    part: GridPart, error: Tensor, weights: GridWeights, gradients: GridWeights
) -> None:
    """Carry the gradient of a slice's logits (P, L) on to the weights."""
    gradients.labels.addmm_(error.t(), part.hidden)
    gradients.bias.add_(error.sum(0))
    of_hidden = error @ weights.labels  # (P, M)
    of_hidden *= part.hidden > 0
    gradients.heads.index_add_(0, part.place.heads, of_hidden)
    gradients.tails.index_add_(0, part.place.tails, of_hidden)


def _pool(part: GridPart, sides: tuple[Side, ...], highest: Tensor, partners: Tensor) -> None:
    """Take a slice into the maxima and where they are, (S, W, L) each."""
    row, pair = part.place.first, 0
    for rows, columns, start in part.place.pieces:
        cells = part.logits[pair : pair + rows * columns].view(rows, columns, -1)
        for index, side in enumerate(sides):
            if side == "head":  # rows are whole
                best, found = cells.max(1)  # (rows, L)
                highest[index, row : row + rows] = best
                partners[index, row : row + rows] = found + start
            else:
                words = slice(start, start + columns)
                best, found = cells.max(0)  # (columns, L)
                before = highest[index, words]
                partners[index, words] = torch.where(
                    best > before, found + row, partners[index, words]
                )
                highest[index, words] = torch.maximum(best, before)
        row, pair = row + rows, pair + rows * columns


def _unpool(
    place: PairSlice, side: Side, partners: Tensor, gradient: Tensor, error: Tensor
) -> None:
    """Add the gradient of the maxima of one side (W, L) to that of the logits (P, L)."""
    row, pair = place.first, 0
    for rows, columns, start in place.pieces:
        cells = error[pair : pair + rows * columns].view(rows, columns, -1)
        if side == "head":
            words = slice(row, row + rows)
            found = (partners[words] - start).unsqueeze(1)  # (rows, 1, L)
            cells.scatter_add_(1, found, gradient[words].unsqueeze(1))
        else:
            words = slice(start, start + columns)
            found = partners[words] - row  # (columns, L); may lie in another slice
            here = (found >= 0) & (found < rows)
            shares = gradient[words] * here
            found = found.clamp(0, rows - 1).unsqueeze(0)
            cells.scatter_add_(0, found, shares.unsqueeze(0))
        row, pair = row + rows, pair + rows * columns
