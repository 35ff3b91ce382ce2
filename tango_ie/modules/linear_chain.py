"""Algorithms on linear chains, for whole batches: sums, best paths, marginals, spans.

Every function loops over words, because a chain is sequential; none loops over sentences or
labels. Scores are in the log domain. Sequences are padded on the right; an empty one has exactly
one labelling, with score 0.

Legend: B batch, T words, L labels, N spans.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor

FORBIDDEN = -1e9
"""Score of what must not happen. Finite, so that gradients stay numbers; in the log domain it is
far below anything that real scores of one step can make up for."""


class Chain(NamedTuple):
    """Scores that do not depend on the words.

    Shapes:
        transitions (L, L), from row to column; starts (L,); ends (L,)
    """

    transitions: Tensor
    starts: Tensor
    ends: Tensor

    def constrain(self, allowed: Chain) -> Chain:
        """The same scores where ``allowed`` (bool) is true, :data:`FORBIDDEN` elsewhere."""
        return Chain(
            *(
                scores.masked_fill(~permitted, FORBIDDEN)
                for scores, permitted in zip(self, allowed, strict=True)
            )
        )


class Spans(NamedTuple):
    """Half-open spans of words in the sentences of a batch.

    Shapes:
        sentences, starts, ends (N,) int
    """

    sentences: Tensor
    starts: Tensor
    ends: Tensor


# Gives, for scores of ways (L, L), the function that sums over them: (B, L) → (B, L).
Summing = Callable[[Tensor], Callable[[Tensor], Tensor]]


def log_sums(ways: Tensor) -> Callable[[Tensor], Tensor]:
    """Log-sum over the labels that one may come from; exact whatever the scores."""
    into = ways.t()  # (L, L) to, from
    return lambda scores: (scores.unsqueeze(1) + into).logsumexp(-1)


def log_products(ways: Tensor) -> Callable[[Tensor], Tensor]:
    """The same as a product of matrices: several times faster, but not for training.

    Where all that leads to a label is e^708 less probable (in float64) than another label, its
    score becomes minus infinity. What is never possible comes out so, too.
    """
    matrix = ways.exp()

    def step(scores: Tensor) -> Tensor:
        top = scores.amax(-1, keepdim=True)  # (B, 1)
        return ((scores - top).exp() @ matrix).log() + top

    return step


def forward_scores(emissions: Tensor, chain: Chain, summing: Summing = log_sums) -> Tensor:
    """Log-sum over all labellings of the words up to each one, by its label.

    Shapes:
        emissions (B, T, L), T > 0; returns (B, T, L), meaningless behind a sentence's end
    """
    steps = emissions.unbind(1)
    sums = summing(chain.transitions)
    scores = [chain.starts + steps[0]]
    for emission in steps[1:]:
        scores.append(sums(scores[-1]) + emission)  # (B, L)
    return torch.stack(scores, dim=1)


def backward_scores(
    emissions: Tensor, lengths: Tensor, chain: Chain, summing: Summing = log_sums
) -> Tensor:
    """Log-sum over all labellings of the words behind each one, by its label.

    Shapes:
        emissions (B, T, L), T > 0; lengths (B,); returns (B, T, L)
    """
    steps = emissions.unbind(1)
    sums = summing(chain.transitions.t())
    score = chain.ends.expand(len(emissions), -1)  # (B, L)
    scores = [score]
    for place in range(len(steps) - 2, -1, -1):
        onward = sums(steps[place + 1] + score)
        score = torch.where((place < lengths - 1).unsqueeze(1), onward, chain.ends)
        scores.append(score)
    return torch.stack(scores[::-1], dim=1)


def log_partition(emissions: Tensor, lengths: Tensor, chain: Chain) -> Tensor:
    """Log-sum over all labellings.

    Shapes:
        emissions (B, T, L), lengths (B,); returns (B,)
    """
    if emissions.size(1) == 0:
        return emissions.new_zeros(len(emissions))
    return _close(forward_scores(emissions, chain), lengths, chain)


def path_scores(emissions: Tensor, paths: Tensor, lengths: Tensor, chain: Chain) -> Tensor:
    """Score of one labelling per sentence.

    Shapes:
        emissions (B, T, L), paths (B, T), lengths (B,); returns (B,)
    """
    if emissions.size(1) == 0:
        return emissions.new_zeros(len(emissions))
    places = torch.arange(paths.size(1), device=paths.device)  # (T,)
    padding = places >= lengths.unsqueeze(1)  # (B, T)
    last = paths.gather(1, _last(lengths).unsqueeze(1)).squeeze(1)  # (B,)
    edges = (chain.starts[paths[:, 0]] + chain.ends[last]).masked_fill(lengths == 0, 0.0)
    return edges + _step_scores(emissions, paths, chain).masked_fill(padding, 0.0).sum(1)


def best_paths(emissions: Tensor, lengths: Tensor, chain: Chain) -> tuple[Tensor, Tensor]:
    """The labelling with the highest score (Viterbi).

    Shapes:
        emissions (B, T, L), lengths (B,); returns paths (B, T) with zeros behind the end,
        scores (B,)
    """
    batch, words, _ = emissions.shape
    if words == 0:
        return lengths.new_zeros(batch, 0), emissions.new_zeros(batch)
    # Sentences last: operations on long rows are fast. Where the best way came from is found again
    # afterwards, for the labels of the path alone.
    steps = emissions.permute(1, 2, 0).contiguous()  # (T, L, B)
    ways = chain.transitions.unsqueeze(2)  # (L, L, 1) from, to
    scores = [chain.starts.unsqueeze(1) + steps[0]]  # (L, B)
    for emission in steps[1:]:
        scores.append((scores[-1].unsqueeze(1) + ways).amax(0) + emission)
    reached = torch.stack(scores).transpose(1, 2).contiguous()  # (T, B, L)
    last = _last(lengths)
    best, label = (reached[last, torch.arange(batch, device=last.device)] + chain.ends).max(-1)
    into = chain.transitions.t().contiguous()  # (L, L) to, from
    path = [label]  # (B,)
    places = torch.arange(words, device=lengths.device)  # (T,)
    counts = (places.unsqueeze(1) < last).unbind()  # (B,) each
    rows = reached.unbind()
    for place in range(words - 2, -1, -1):
        before = (rows[place] + into[label]).argmax(-1)
        label = torch.where(counts[place], before, label)  # waits for its sentence's last word
        path.append(label)
    inside = places < lengths.unsqueeze(1)  # (B, T)
    paths = torch.stack(path[::-1], dim=1) * inside
    return paths, best.masked_fill(lengths == 0, 0.0)


def marginals(emissions: Tensor, lengths: Tensor, chain: Chain) -> Tensor:
    """Probability of each label at each word; zeros behind the end.

    Shapes:
        emissions (B, T, L), lengths (B,); returns (B, T, L)
    """
    if emissions.size(1) == 0:
        return emissions
    before, after = _both_ways(emissions, lengths, chain)
    joint = before + after - _close(before, lengths, chain)[:, None, None]
    inside = torch.arange(emissions.size(1), device=lengths.device) < lengths.unsqueeze(1)
    return joint.masked_fill(~inside.unsqueeze(-1), -torch.inf).exp()


def span_posteriors(
    emissions: Tensor, lengths: Tensor, chain: Chain, paths: Tensor, spans: Spans, joins: Tensor
) -> Tensor:
    """Probability that the words of a span have the labels of ``paths`` and the span ends there.

    The result is a difference of long sums: give float64 if sentences are long.

    Args:
        paths: sequences that the chain allows.
        joins: ``joins[i, j]`` is true where label j would continue an entity that label i is in.

    Shapes:
        emissions (B, T, L), lengths (B,), paths (B, T), spans of (N,), joins (L, L) bool
        returns (N,)
    """
    if len(spans.starts) == 0:
        return emissions.new_zeros(0)
    before, after = _both_ways(emissions, lengths, chain)
    total = _close(before, lengths, chain)
    sentences, first, final = spans.sentences, spans.starts, spans.ends - 1
    head = before[sentences, first, paths[sentences, first]]  # (N,)
    reached = _step_scores(emissions, paths, chain).cumsum(1)  # (B, T)
    inner = reached[sentences, final] - reached[sentences, first]  # (N,)
    label = paths[sentences, final]  # (N,)
    behind = spans.ends.clamp(max=emissions.size(1) - 1)
    onward = chain.transitions.masked_fill(joins, FORBIDDEN)[label]  # (N, L)
    onward = onward + emissions[sentences, behind] + after[sentences, behind]
    closes = spans.ends >= lengths[sentences]  # (N,)
    tail = torch.where(closes, chain.ends[label], onward.logsumexp(-1))
    return (head + inner + tail - total[sentences]).exp().clamp(max=1.0)


def _both_ways(emissions: Tensor, lengths: Tensor, chain: Chain) -> tuple[Tensor, Tensor]:
    """Forward and backward scores, (B, T, L) each, fast where that loses nothing."""
    places = torch.arange(emissions.size(1), device=lengths.device)  # (T,)
    padding = places >= lengths.unsqueeze(1)  # (B, T)
    emissions = emissions.masked_fill(padding.unsqueeze(-1), 0.0)
    # Single precision would underflow early, and autocast would round the factors.
    wide = emissions.dtype == torch.float64
    for summing in (log_products, log_sums) if wide else (log_sums,):
        before = forward_scores(emissions, chain, summing)
        after = backward_scores(emissions, lengths, chain, summing)
        if before.isfinite().all() and after.isfinite().all():
            break
    return before, after


def _step_scores(emissions: Tensor, paths: Tensor, chain: Chain) -> Tensor:
    """What each word adds to the score of a path: its emission and the way to it. (B, T)"""
    scores = emissions.gather(2, paths.unsqueeze(2)).squeeze(2)
    ways = chain.transitions[paths[:, :-1], paths[:, 1:]]  # (B, T - 1)
    return torch.cat([scores[:, :1], scores[:, 1:] + ways], dim=1)


def _close(before: Tensor, lengths: Tensor, chain: Chain) -> Tensor:
    """Log-partition from forward scores. (B,)"""
    total = (_at(before, _last(lengths)) + chain.ends).logsumexp(-1)
    return total.masked_fill(lengths == 0, 0.0)


def _at(scores: Tensor, places: Tensor) -> Tensor:
    """One word's row per sentence. (B, T, L), (B,) → (B, L)"""
    return scores[torch.arange(len(scores), device=scores.device), places]


def _last(lengths: Tensor) -> Tensor:
    return (lengths - 1).clamp(min=0)
