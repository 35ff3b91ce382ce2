"""The cells of subject × word × label, slice by slice, and their loss with its gradients by hand.

Legend: W words of the batch, M subjects, P pairs of a slice, K hidden of a pair, C cells of a pair.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd import Function
from torch.autograd.function import once_differentiable

from tango_ie.modules.cascade.subjects import Subjects, SubjectSlice


class ObjectWeights(NamedTuple):
    """What the cells are made of.

    Without a hidden layer ``labels`` and ``bias`` are ``None``, and K = C.

    Shapes:
        words (W, K), subjects (M, K), labels (C, K), bias (C,)
    """

    words: Tensor
    subjects: Tensor
    labels: Tensor | None
    bias: Tensor | None


class ObjectPlan(NamedTuple):
    """Which cells there are, and how many pairs at a time.

    Args:
        subjects: the pairs.
        pairs: of a slice.
        with_gradient: whether there may be a way back. (Inside a function autograd does not say.)
    """

    subjects: Subjects
    pairs: int
    with_gradient: bool


class ObjectPart(NamedTuple):
    """One slice.

    Shapes:
        hidden (P, K) or ``None``, logits (P, C)
    """

    place: SubjectSlice
    hidden: Tensor | None
    logits: Tensor


def object_parts(weights: ObjectWeights, plan: ObjectPlan) -> Iterator[ObjectPart]:
    """The cells, slice by slice. The caller may overwrite logits."""
    for place in plan.subjects.slices(plan.pairs):
        hidden = weights.words.index_select(0, place.words)  # (P, K)
        hidden += weights.subjects.index_select(0, place.subjects)
        if weights.labels is None or weights.bias is None:
            yield ObjectPart(place, None, hidden)
        else:
            hidden.relu_()
            logits = torch.addmm(weights.bias, hidden, weights.labels.t())  # (P, C)
            yield ObjectPart(place, hidden, logits)


class AllFalseLoss(Function):
    """Binary cross-entropy of all cells as if all were false: Σ share · log(1 + exp(logit)).

    What true cells have less is their logit, in sum, and needs no function of its own.

    Shapes:
        weights as in :class:`ObjectWeights`, shares (M,); returns ()
    """

    @staticmethod
    def forward(ctx: Any, *arguments: Any) -> Tensor:
        *tensors, shares, plan = arguments
        weights = ObjectWeights(*tensors)
        wanted = plan.with_gradient and any(ctx.needs_input_grad)
        gradients = _zeros(weights) if wanted else None
        loss = weights.words.new_zeros(())
        with torch.autocast(weights.words.device.type, enabled=False):
            for part in object_parts(weights, plan):
                own = shares.index_select(0, part.place.subjects)  # (P,)
                loss += torch.nn.functional.softplus(part.logits).sum(1) @ own
                if gradients is not None:
                    error = part.logits.sigmoid_().mul_(own.unsqueeze(1))  # (P, C)
                    _add_gradients(part, error, weights, gradients)
        if gradients is not None:
            ctx.save_for_backward(*gradients)
        return loss

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, factor: Tensor) -> tuple[Tensor | None, ...]:
        gradients = (None if one is None else one * factor for one in ctx.saved_tensors)
        return (*gradients, None, None)


def _zeros(weights: ObjectWeights) -> ObjectWeights:
    words, subjects = torch.zeros_like(weights.words), torch.zeros_like(weights.subjects)
    if weights.labels is None or weights.bias is None:
        return ObjectWeights(words, subjects, None, None)
    labels, bias = torch.zeros_like(weights.labels), torch.zeros_like(weights.bias)
    return ObjectWeights(words, subjects, labels, bias)


def _add_gradients(
    part: ObjectPart, error: Tensor, weights: ObjectWeights, gradients: ObjectWeights
) -> None:
    """Carry the gradient of a slice's logits (P, C) on to the weights."""
    if part.hidden is not None and weights.labels is not None:
        assert gradients.labels is not None and gradients.bias is not None
        gradients.labels.addmm_(error.t(), part.hidden)
        gradients.bias.add_(error.sum(0))
        error = (error @ weights.labels).mul_(part.hidden > 0)  # (P, K)
    gradients.words.index_add_(0, part.place.words, error)
    gradients.subjects.index_add_(0, part.place.subjects, error)
