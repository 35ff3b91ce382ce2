"""Scores of spans, and of words, for the types that are asked for.

No weight belongs to a type: what is known of it comes from its query, so that types which were
never seen in training are scored like all others.

Legend: B batch, T words, Q queries, H hidden of encoder, P hidden of the predictor, W widths.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from tango_ie.modules.queries.settings import QueryPrediction

_FIRST_PROBABILITY = 0.01


class QueryConditioned(nn.Module):
    """``gelu([query; word] W + b)``, one vector for each word and query.

    Shapes:
        words (B, T, H), queries (B, Q, H); returns (B, Q, T, P)
    """

    def __init__(self, input_size: int, size: int) -> None:
        super().__init__()
        self.dense = nn.Linear(2 * input_size, size)

    def forward(self, words: Tensor, queries: Tensor) -> Tensor:
        """See the class."""
        # Words and queries are multiplied by their halves of W alone: pairs of them are only added.
        of_queries, of_words = self.dense.weight.chunk(2, dim=1)  # (P, H) each
        asked = functional.linear(queries, of_queries, self.dense.bias)  # (B, Q, P)
        known = functional.linear(words, of_words)  # (B, T, P)
        return functional.gelu(asked.unsqueeze(2) + known.unsqueeze(1))


class QueryBiaffine(nn.Module):
    """The query-conditioned biaffine predictor.

    Source: QPMRC-NER (Zhang and Wang 2023), equations 4 to 6:

        s_j = gelu([q; c_j] W_s + b_s)            e_k = gelu([q; c_k] W_e + b_e)
        r_jk = s_j U e_k + [s_j; e_k; l_(k-j)] W_m + b_m

    The width's vector l matters only through its product with W_m. Spans begin with a probability
    of about 0.01, because nearly all of them are false (Lin et al. 2017); the paper does not say.

    Args:
        input_size: H.
        settings: sizes.

    Shapes:
        words (B, T, H), queries (B, Q, H); returns logits (B, Q, T, T) of first and last word;
        those that end before they begin mean nothing
    """

    def __init__(self, input_size: int, settings: QueryPrediction) -> None:
        super().__init__()
        size = settings.size
        self.starts = QueryConditioned(input_size, size)
        self.ends = QueryConditioned(input_size, size)
        self.bilinear = nn.Parameter(torch.empty(size, size).normal_(std=1 / size))
        self.linear = nn.Linear(2 * size + settings.width_size, 1)
        self.widths = nn.Embedding(settings.max_width, settings.width_size)
        nn.init.constant_(self.linear.bias, _logit(_FIRST_PROBABILITY))
        self.size = size

    def forward(self, words: Tensor, queries: Tensor) -> Tensor:
        """See the class."""
        starts = self.starts(words, queries)  # (B, Q, T, P)
        ends = self.ends(words, queries)  # (B, Q, T, P)
        of_starts, of_ends, of_widths = self.linear.weight[0].split(
            [self.size, self.size, self.widths.embedding_dim]
        )
        scores = (starts @ self.bilinear + of_ends) @ ends.mT  # (B, Q, T, T)
        return scores + (starts @ of_starts).unsqueeze(3) + self._width_scores(of_widths, words)

    def _width_scores(self, weight: Tensor, words: Tensor) -> Tensor:
        """What width and bias add, (T, T)."""
        table = self.widths.weight @ weight + self.linear.bias  # (W,)
        places = torch.arange(words.size(1), device=words.device)
        widths = (places - places.unsqueeze(1)).clamp(0, len(table) - 1)  # (T, T)
        return table[widths]


class QueryWords(nn.Module):
    """Whether a word belongs to an entity of a type: the auxiliary task, equations 8 and 9.

    Shapes:
        words (B, T, H), queries (B, Q, H); returns logits (B, Q, T)
    """

    def __init__(self, input_size: int, settings: QueryPrediction) -> None:
        super().__init__()
        self.features = QueryConditioned(input_size, settings.size)
        self.score = nn.Linear(settings.size, 1)
        nn.init.constant_(self.score.bias, _logit(_FIRST_PROBABILITY))

    def forward(self, words: Tensor, queries: Tensor) -> Tensor:
        """See the class."""
        return self.score(self.features(words, queries)).squeeze(-1)


def entropy(logits: Tensor, exists: Tensor, gold: tuple[Tensor, ...]) -> Tensor:
    """Binary cross-entropy of all cells that exist, in sum, ().

    Args:
        gold: indices of the true cells, each once.

    Shapes:
        logits (…), exists broadcasts to it
    """
    # −log σ(x) = softplus(x) − x; −log (1 − σ(x)) = softplus(x)
    false = functional.softplus(logits.masked_fill(~exists, -torch.inf)).sum()
    return false - logits[gold].sum()


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
