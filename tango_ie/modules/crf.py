"""A linear-chain conditional random field as the last layer of a tagger.

Legend: B batch, T words, L labels, N spans.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tango_ie.modules import linear_chain
from tango_ie.modules.linear_chain import Chain, Spans


class ConditionalRandomField(nn.Module):
    """Scores of neighbouring labels, on top of the scores of words.

    Source: Lafferty et al. 2001; as a neural output layer Lample et al. 2016. Sums run over
    allowed sequences only, in training too, so that all probability lies on what can be decoded.
    All scores start at zero: an untrained field is a softmax layer that knows the constraints.
    Everything is computed in at least float32, whatever the precision around it, and posteriors,
    which are differences of long sums, in float64.

    Args:
        allowed: (bool tensors) which label may follow which, begin a sentence, and end one.

    Shapes:
        emissions (B, T, L) float; mask (B, T) bool, words first, padding behind them

    >>> free = Chain(torch.ones(2, 2).bool(), torch.ones(2).bool(), torch.ones(2).bool())
    >>> field = ConditionalRandomField(free)
    >>> paths, scores = field.best_paths(torch.tensor([[[0.0, 1.0], [3.0, 2.0]]]), torch.ones(1, 2))
    >>> paths.tolist(), scores.tolist()
    ([[1, 0]], [4.0])
    """

    allowed_transitions: Tensor  # (L, L) bool
    allowed_starts: Tensor  # (L,) bool
    allowed_ends: Tensor  # (L,) bool

    def __init__(self, allowed: Chain) -> None:
        super().__init__()
        labels = len(allowed.starts)
        self.transitions = nn.Parameter(torch.zeros(labels, labels))
        self.starts = nn.Parameter(torch.zeros(labels))
        self.ends = nn.Parameter(torch.zeros(labels))
        # Known from the labels: not part of the weights.
        self.register_buffer("allowed_transitions", allowed.transitions, persistent=False)
        self.register_buffer("allowed_starts", allowed.starts, persistent=False)
        self.register_buffer("allowed_ends", allowed.ends, persistent=False)

    def log_likelihood(self, emissions: Tensor, paths: Tensor, mask: Tensor) -> Tensor:
        """Log-probability of one labelling per sentence.

        Shapes:
            paths (B, T) int; returns (B,)
        """
        emissions, lengths, chain = self._prepare(emissions, mask)
        # Shifting a word's scores changes no probability, and keeps long sums small and precise.
        emissions = emissions.log_softmax(-1)
        paths = paths * mask  # padding may hold any value
        gold = linear_chain.path_scores(emissions, paths, lengths, chain)
        return gold - linear_chain.log_partition(emissions, lengths, chain)

    def log_partition(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Log-sum over all allowed labellings. Returns (B,)."""
        return linear_chain.log_partition(*self._prepare(emissions, mask))

    def best_paths(self, emissions: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The best allowed labelling, and its score. Returns (B, T) with zeros as padding, (B,)."""
        return linear_chain.best_paths(*self._prepare(emissions, mask))

    def marginals(self, emissions: Tensor, mask: Tensor) -> Tensor:
        """Probability of each label at each word. Returns (B, T, L), zeros at padding."""
        wide = self._prepare(emissions, mask, torch.float64)
        return linear_chain.marginals(*wide).to(emissions.dtype)

    def span_posteriors(
        self, emissions: Tensor, mask: Tensor, paths: Tensor, spans: Spans, joins: Tensor
    ) -> Tensor:
        """See :func:`tango_ie.modules.linear_chain.span_posteriors`. Returns (N,)."""
        wide = self._prepare(emissions, mask, torch.float64)
        return linear_chain.span_posteriors(*wide, paths, spans, joins).to(emissions.dtype)

    def _prepare(
        self, emissions: Tensor, mask: Tensor, least: torch.dtype = torch.float32
    ) -> tuple[Tensor, Tensor, Chain]:
        wide = torch.promote_types(emissions.dtype, least)
        scores = Chain(self.transitions.to(wide), self.starts.to(wide), self.ends.to(wide))
        allowed = Chain(self.allowed_transitions, self.allowed_starts, self.allowed_ends)
        return emissions.to(wide), mask.long().sum(1), scores.constrain(allowed)
